/** Characters that change what shows a text: control characters, halves of others, ends of lines, and what turns the direction of writing. */
export const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
