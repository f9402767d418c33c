/** A wording to avoid, and the plain wording to use instead. */
interface Wording {
  /** The plain wording. */
  write: string
  /** The wording to avoid, as CONTRIBUTING.md shows it. */
  avoid: string
  /**
   * Matches the wording in text whose whitespace is one space. Each pattern was chosen to have practically no false positives.
   */
  pattern: RegExp
  /** Matches the wording in source files instead, where names such as `mails` are allowed. Default: `pattern`. */
  codePattern?: RegExp
}

/** Unusual wordings and the usual words in the field. CONTRIBUTING.md shows the same list, and a test compares the two. */
export const wordList: Wording[] = [
  {
    write: 'returns',
    avoid: 'gives (of a function)',
    pattern: /(?:\/\*\*|;|, and|\* \*) gives\b|\bgives (?:how|back|undefined|null|whether)\b/gi,
  },
  {
    write: 'is not a …',
    avoid: 'is no …',
    pattern: /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b|less\b|one\b|different\b|way\b)[a-z]+/gi,
  },
  { write: 'does not exist, is missing', avoid: 'is none, are none', pattern: /\b(?:is|are|was|were) none\b/gi },
  {
    write: 'is reported, recorded, notified',
    avoid: 'is told',
    pattern: /\b(?:is|are|was|were|be|been) told\b(?! apart)|\bunless told\b/gi,
  },
  { write: 'says, shows, reports', avoid: 'tells that, tells of', pattern: /\btells? (?:of|that|whether|from)\b/gi },
  { write: 'is notified of', avoid: 'hears of', pattern: /\bhears? of\b/gi },
  {
    write: 'is, exists, is stored',
    avoid: 'stands',
    pattern: /\b(?:stands|stood)\b|\bstand (?:in|at|on|there|before|against|behind)\b/gi,
  },
  { write: 'up to N, at most N', avoid: 'so many', pattern: /\b(?:so many|so long)\b(?! (?:that|as)\b)/gi },
  { write: 'again', avoid: 'anew, once more', pattern: /\b(?:anew|once more)\b/gi },
  { write: 'calculate', avoid: 'reckon', pattern: /\breckon(?:s|ed|ing)?\b/gi },
  { write: 'fix', avoid: 'mend', pattern: /\bmend(?:s|ed|ing)?\b/gi },
  { write: 'whether … or', avoid: 'be it … or', pattern: /\bbe it\b/gi },
  { write: 'the person who, anyone who', avoid: 'whoever, whomever', pattern: /\bwho(?:m|so)?ever\b/gi },
  {
    write: 'someone, everyone, anyone, no one',
    avoid: 'somebody, everybody, anybody, nobody',
    // Text followed by @ or a colon is a user name.
    pattern: /\b(?:some|every|any|no)body\b(?![@:])/gi,
  },
  { write: 'next to, in addition to', avoid: 'beside', pattern: /\bbeside\b/gi },
  {
    write: 'pending deliveries, the result',
    avoid: 'what waits, what came of it',
    pattern: /\bwhat (?:waits|hangs|happens now|is fresh|came of)\b/gi,
  },
  { write: 'pending people', avoid: 'who waits', pattern: /\b(?:who waits|they who|those that wait)\b/gi },
  { write: 'Leave empty for …', avoid: 'Empty: …', pattern: /\bEmpty: (?:none|no|as|the)\b/g },
  { write: 'continues, resumes', avoid: 'goes on', pattern: /\bgoes on\b/gi },
  { write: 'forever, permanently', avoid: 'for ever', pattern: /\bfor ever\b/gi },
  { write: 'must, should, will', avoid: 'shall', pattern: /\bshall\b/gi },
  {
    write: 'email, emails',
    avoid: 'e-mail, mails',
    pattern: /\be-mails?\b|(?<!-)\bmail(?:s|ed|ing)\b/gi,
    // Does not match table names, as in `from mails where`, or the same word in German and French tests.
    codePattern:
      /(?<!adresse )\b[Ee]-mails?\b|(?<=[a-z] |['"`])(?<!\b(?:from|update|into|on|table|const|let) )mail(?:s|ed|ing)\b(?= [a-z]|[.;] )/g,
  },
  {
    write: 'its own, your own …',
    avoid: 'a … of its own',
    pattern: /\ban? [\w-]+(?: [\w-]+)? of (?:its|their|your|our) own\b/gi,
  },
  { write: 'also, too', avoid: '… as well.', pattern: /\bas well(?=[.;,:)]| \*\/)/gi },
  { write: 'no longer', avoid: 'not … any more', pattern: /\bany ?more\b/gi },
  { write: 'permanently', avoid: 'for good', pattern: /\bfor good\b/gi },
  { write: 'what arrived, what it returned', avoid: 'what came', pattern: /\bwhat came\b/gi },
]

/** A use of a wording to avoid. */
interface Use {
  line: number
  found: string
  write: string
}

/** Finds the wordings to avoid in a text, whether in comments, strings, code or prose. `isDocs` means that the text is documentation. */
export function findUnusualWords(text: string, { isDocs = false } = {}): Use[] {
  const { flat, lineAt } = flatten(isDocs ? withoutCode(text) : text)
  return wordList
    .flatMap(({ pattern, codePattern = pattern, write }) =>
      [...flat.matchAll(isDocs ? pattern : codePattern)].map(({ index, 0: found }) => ({ index, found, write })),
    )
    .sort((a, b) => a.index - b.index)
    .map(({ index, found, write }) => ({ line: lineAt(index), found: found.trim(), write }))
}

/** Removes code blocks and inline code from Markdown, but keeps its line breaks. */
function withoutCode(markdown: string): string {
  const keepLines = (code: string) => code.replaceAll(/[^\n]+/g, '')
  return markdown
    .replaceAll(/^```[\s\S]*?^```$/gm, keepLines)
    .replaceAll(/`[^`]*`/g, (code) => `\`${keepLines(code)}\``)
}

/** Joins the lines of prose and comments, so that a wording is found across a line break. */
function flatten(text: string): { flat: string; lineAt(index: number): number } {
  const starts: number[] = []
  let flat = ''
  for (const line of text.split('\n')) {
    starts.push(flat.length)
    flat += `${line.replace(/^\s*(?:\*(?!\/)|\/\/|>)?\s*/, '').replaceAll(/\s+/g, ' ')} `
  }
  return { flat, lineAt: (index) => starts.findLastIndex((start) => start <= index) + 1 }
}
