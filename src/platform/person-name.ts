/** Control characters and line and paragraph separators. They would end a line in an email header or a title. */
const LINE_BREAKERS = /[\p{Cc}\u2028\u2029]/u

/** Characters that change the direction of the surrounding text (Unicode TR9). They can make one text look like another. */
const DIRECTION_CHANGERS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/** Invisible characters. */
const INVISIBLE =
  /\u00ad|\u034f|[\u115f\u1160\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/u

/** Invisible joiners, except in emoji and after a letter of a script that uses them, such as Persian or Hindi. */
const STRAY_JOINER =
  /(?<![\ufe0f\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Script=Arab}\p{Script=Syrc}\p{Script=Deva}\p{Script=Beng}\p{Script=Guru}\p{Script=Gujr}\p{Script=Orya}\p{Script=Taml}\p{Script=Telu}\p{Script=Knda}\p{Script=Mlym}\p{Script=Sinh}\p{Script=Khmr}\p{Script=Mong}])[\u200c\u200d]/u

/**
 * Text that email clients turn into a link: a scheme, `www.`, or a domain. `Dr.Brown`, with a capital letter, is an abbreviation.
 */
const WEB_ADDRESSES = [
  /:\/\/|www[.．。｡]/iu,
  /[\p{L}\p{N}-]{2,}[.．。｡](?:[\p{Ll}\p{Lo}]{2,}|\p{Lu}{2,}|xn--)(?!\p{L})/u,
  /[\p{L}\p{N}-]{2,}[.．。｡](?:com|net|org|info|biz)(?!\p{L})/iu,
  /[\p{L}\p{N}-]{2,}[.．。｡]\p{L}{2,}[/:?#]/u,
]

/** Characters that show nothing of their own: format characters, blanks, fillers, the empty Braille pattern, variation selectors. */
const BLANK = /\u034f|\p{C}|\p{Z}|[\u115f\u1160\u2800\u3164\uffa0]|\p{Variation_Selector}/gu

/** Returns whether a text has characters, but none that can be seen. */
export function looksEmpty(text: string): boolean {
  return text !== '' && text.replace(BLANK, '') === ''
}

/** Returns whether a text contains line breaks or other control characters. */
export function breaksLine(text: string): boolean {
  return LINE_BREAKERS.test(text)
}

/** Returns whether a text contains invisible characters or characters that change its direction. */
export function hidesCharacters(text: string): boolean {
  return DIRECTION_CHANGERS.test(text) || INVISIBLE.test(text) || STRAY_JOINER.test(text)
}

/**
 * Returns whether a text can be a person's name. Names appear in other people's emails and calendars, so they must not contain a
 * web address, line breaks, control characters, or characters that disguise the name. Does not use Zod, because the booking page
 * uses this rule too.
 */
export function isPersonName(text: string): boolean {
  return (
    !looksEmpty(text) &&
    !breaksLine(text) &&
    !hidesCharacters(text) &&
    !WEB_ADDRESSES.some((pattern) => pattern.test(text))
  )
}
