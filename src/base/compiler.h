/* base/compiler.h - the few compiler words that the rest of the code is written with. */
#pragma once

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define NEVER_RETURNS __attribute__((noreturn))

/* The number of elements of an array (not of a pointer). */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
