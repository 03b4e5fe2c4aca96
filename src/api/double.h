/* api/double.h - numbers with a fraction as the service prints them: 1.0, 0.5, 1.529651562672E9. */
#pragma once

struct buffer;

/* The shortest text that reads back as the same number, laid out as Java does: plain from 0.001 up
 * to ten million, otherwise with an exponent. number is finite. */
void double_write(double number, struct buffer *out);
