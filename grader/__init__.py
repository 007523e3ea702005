"""Reading what students hand in, judging each line on their own numbers, and naming what went wrong."""
