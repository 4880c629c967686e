// A text taken apart into pieces: lines and, within lines, sentences (protocol.md, section 4, "Text").
//
// All sets of characters are spelled out here, because the server must find the same pieces. All are
// below U+10000, so it makes no difference that the server counts code points and we UTF-16 units.

/** The Unicode property White_Space; `trim`, `\s` and Python's `strip` each have a set of their own. */
const WHITE =
  "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a" +
  "\u2028\u2029\u202f\u205f\u3000";

const FULL = "。！？；";
const CLOSERS = "”’」』）】》〉〕〗〙〛］｝｣)]}»›";
const MARKS = `${FULL}.!?;`;
const TAIL = `${MARKS}${CLOSERS}"'`;

const LINE = /[^\n\r\u2028\u2029]+/g;
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/g;
const END = new RegExp(`${oneOf(MARKS)}${oneOf(TAIL)}*`, "g");
const FULL_END = new RegExp(`^${oneOf(TAIL)}*${oneOf(FULL)}${oneOf(CLOSERS)}*`);

/** A sentence, or the rest of a line after its last one, and where it stands in the text. */
export interface Piece {
  readonly text: string;
  readonly start: number;
}

/**
 * The pieces of a text in order, without the white space around them.
 *
 * Full-width 。！？； always end a sentence; ASCII . ! ? ; only before white space or the end of a
 * line. End marks in a row end one sentence ("真的？！"), and closing quotes and brackets after them
 * belong to it. A straight quote may as well open the next sentence: it belongs only before white
 * space or the end of a line.
 */
export function split(text: string): Piece[] {
  return [...text.matchAll(LINE)].flatMap((line) => sentences(line[0], line.index));
}

function sentences(line: string, at: number): Piece[] {
  const found: Piece[] = [];
  let start = 0;
  for (const marks of line.matchAll(END)) {
    const end = sentenceEnd(line, marks[0], marks.index);
    if (end === null) continue;
    found.push(piece(line, start, end, at));
    start = end;
  }
  const rest = piece(line, start, line.length, at);
  return rest.text === "" ? found : [...found, rest];
}

/** Where the sentence before end marks ends, or null: "8.40" ends none. */
function sentenceEnd(line: string, marks: string, start: number): number | null {
  const stop = start + marks.length;
  if (stop === line.length || isWhite(line, stop)) return stop;
  const full = FULL_END.exec(marks);
  return full === null ? null : start + full[0].length;
}

function piece(line: string, from: number, to: number, at: number): Piece {
  let start = from;
  let stop = to;
  while (start < stop && isWhite(line, start)) start += 1;
  while (start < stop && isWhite(line, stop - 1)) stop -= 1;
  return { text: line.slice(start, stop), start: at + start };
}

/** Whether a piece ends with an end mark, closing quotes and brackets aside. */
export function isEnded(text: string): boolean {
  for (let at = text.length - 1; at >= 0 && TAIL.includes(text.charAt(at)); at -= 1) {
    if (MARKS.includes(text.charAt(at))) return true;
  }
  return false;
}

export function lineBreaks(text: string): number {
  return text.match(LINE_BREAK)?.length ?? 0;
}

function isWhite(text: string, at: number): boolean {
  return WHITE.includes(text.charAt(at));
}

/** A class of a regular expression. */
function oneOf(characters: string): string {
  return `[${characters.replace("]", "\\]")}]`;
}
