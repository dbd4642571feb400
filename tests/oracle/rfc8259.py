#!/usr/bin/env python3
"""Texts that are JSON, nearly JSON, and no UTF-8, one record a line; what Python's parser says of each.

usage: rfc8259.py SEED COUNT FILE: the records go to FILE; on standard output, for each: its id, and y (to be accepted),
n (to be refused) or i (left open by RFC 8259: half of a surrogate pair, a depth past what a parser must take).
"""
import json
import random
import sys

# values of every kind, each form of number and escape
GOOD = r'''0|-0|1|-1|123|0.5|-0.5|1e5|1E+2|1e-2|1.5e10|1e400|-1e-400|123456789012345678901234567890|0.000000000000000000001
""|"a"|"\""|"\\"|"\/"|"\b\f\n\r\t"|"\u0041"|"\u00e9"|"\ud83d\ude00"|"\ud800"|"\udc00"|"\ud800\u0041"|"é"|"€😀"|"\u0000"
true|false|null|[]|[1]|[1,2,3]|[[[]]]|[ ]|[1 , 2]|{}|{"b":1}|{"b":1,"b":2}|{"":0}|{"b":{"c":[{"d":null}]}}|{ "b" : [ ] }
[true,false,null,"x",{"y":[]}]|[""]|" "'''.replace('\n', '|').split('|') + ['"\x7f"', '"\u2028"']
# what parsers have been found to let through
BAD = r'''|1.|.5|+1|01|-01|-|1e|1e+|0x1|1_0|Infinity|-Infinity|NaN|nan|tru|True|nul|"|"\x"|"\u12"|"\u12G4"|"\"|'a'|[|[1|[1,
[1,]|[,1]|[,]|[1,,2]|[1 2]|{|{"b"}|{"b":}|{"b":1,}|{b:1}|{1:1}|{"b" 1}|{"b":1 "c":2}|{,}|{"b"::1}|[1]]|{}}|1 2|[}|{]
"a""b"|/**/1|[1]x|"\uD8"|1,|*|&|#|\u0031|2.e3|0e|0e+|0.e1|-1x|--1|- 1|1 000|[-]|[+1]|[1e]|[0.]|[tru]|["\a"]|[\n]
{"a":"b"}/**/|{"x", null}|{"b":true false}|"\ "'''.replace('\n', '|').split('|') + [
    '"\t"', '"\x00"', '"\x1f"', '\ufeff1', '[\x0b1]', '[\x0c1]', '[\xa01]', '"\\\x01"']
NOT_UTF8 = [b'\xff', b'\xc0\xaf', b'\xe0\x80\x80', b'\xed\xa0\x80', b'\xf4\x90\x80\x80', b'\xf8\x88\x80\x80\x80', b'\xc3',
            b'\xe2\x82', b'\x80', b'\xf0\x9f\x98', b'\xfe']
EDITS = '0123456789.eE+-[]{}:,"\\ utrfalsn\t/\x01\x7fé'


def edited(choose):
    """A text one to three edits away from one of the above, or from a list of the good ones."""
    if choose.random() < .7:
        text = list(choose.choice(GOOD + BAD))
    else:
        text = list('[' + ','.join(choose.choice(GOOD) for _ in range(choose.randint(1, 4))) + ']')
    for _ in range(choose.randint(1, 3)):
        kind, at = choose.random(), choose.randrange(len(text) + 1)
        if kind < .4 or not text:
            text.insert(at, choose.choice(EDITS))
        elif kind < .7:
            del text[min(at, len(text) - 1)]
        else:
            text[min(at, len(text) - 1)] = choose.choice(EDITS)
    return ''.join(text)


def refuse(constant):
    raise ValueError(constant)


def half_a_pair(value):
    """Whether a surrogate stands alone in any string of it; a list of what is left, as it may be deep."""
    left = [value]
    while left:
        value = left.pop()
        if isinstance(value, str) and any('\ud800' <= c <= '\udfff' for c in value):
            return True
        if isinstance(value, dict):
            left += list(value) + list(value.values())
        if isinstance(value, (list, tuple)):
            left += value
    return False


def verdict(line):
    """Of all pairs of one name, so that a value which a later one hides counts too."""
    seen = []
    try:
        value = json.loads(line.decode(), parse_constant=refuse, object_pairs_hook=lambda p: seen.append(p) or dict(p))
    except RecursionError:
        return 'i'
    except ValueError:
        return 'n'
    if not isinstance(value, dict):
        return 'n'
    return 'i' if half_a_pair(seen) else 'y'


def main():
    choose = random.Random(int(sys.argv[1]))
    values = [t.encode() for t in GOOD + BAD]
    values += [w % u for u in NOT_UTF8 for w in (b'"%s"', b'"a%sb"', b'%s', b'["%s"]')]
    values += [b'[' * d + b']' * d for d in (10, 100, 126, 500)] + [b'[' * 100000]
    while len(values) < int(sys.argv[2]):
        values.append(edited(choose).encode())
    with open(sys.argv[3], 'wb') as out:
        for i, value in enumerate(values):
            line = b'{"id":"%d","ts":1,"extra":%s,"payload":"x"}' % (i, value)
            out.write(line + b'\n')
            print(i, 'n' if value == b'[' * 100000 else 'i' if value.startswith(b'[' * 500) else verdict(line))


main()
