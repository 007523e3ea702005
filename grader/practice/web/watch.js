export class Watch { constructor(root) { this.root = root; } show() {} }
