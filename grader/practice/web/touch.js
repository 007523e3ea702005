export function touch() {}
