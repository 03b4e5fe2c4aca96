#!/usr/bin/env python3
"""Turns model/reserved-words.txt into the table that expressions are checked against.

gen_reserved_words.py reserved-words.txt OUT.c
"""
import sys


def main(arguments):
    if len(arguments) != 2:
        sys.stderr.write(__doc__)
        return 2
    with open(arguments[0], encoding="ascii") as file:
        words = sorted({line.strip().upper() for line in file if line.strip()})
    with open(arguments[1], "w", encoding="ascii") as out:
        out.write("/* reserved_words.c - generated from model/reserved-words.txt;"
                  " change tools/gen_reserved_words.py instead */\n"
                  "#include \"expr/reserved.h\"\n\n"
                  "const char *const reserved_words[] = {\n")
        out.writelines(f"    \"{word}\",\n" for word in words)
        out.write("};\n\n"
                  f"const size_t reserved_word_count = {len(words)};\n"
                  f"const size_t reserved_word_bytes_max = {max(map(len, words))};\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
