import { ESCAPE } from '../sandbox';

/** Numbers at limits, as JSON or as it isn't. */
export const NUMBERS = [
  '0',
  '-0',
  '1',
  '-1',
  '0.1',
  '1e309',
  '-1e309',
  '1e-320',
  '2147483647',
  '2147483648',
  '-2147483649',
  '4294967295',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '9223372036854775807',
  '18446744073709551616',
  '1e21',
  'NaN',
  'Infinity',
  '1'.repeat(400),
  `0.${'0'.repeat(400)}1`,
] as const;

/** Names that objects have already, paths that lead elsewhere, and letters that break lines or terminals. */
export const STRINGS = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  '__metadata__',
  '../../escape',
  '..\\..\\escape',
  ESCAPE,
  '/dev/zero',
  'C:\\escape',
  'file:///etc/hostname',
  '\u0000',
  'a\nb',
  '\u001b[31mred',
  '\u202egnp.exe',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\u{1f600}'.repeat(20),
  'e\u0301',
  'ﬁ',
  '%s%n${x}',
  'A'.repeat(10_000),
] as const;

/** Numbers that binary formats write, as 32-bit patterns. */
export const WORDS = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x1000000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
] as const;
