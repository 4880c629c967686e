// What is shown of a number that identifies a person, until someone asks to see it.

const DOT = "•";
const TAIL = 4;

/** "13800004417" -> "138 •••• 4417"; a shorter number keeps its last four figures only. */
export function maskPhone(phone: string): string {
  const figures = phone.replace(/\D/g, "");
  if (figures.length !== 11) return mask(phone);
  return `${figures.slice(0, 3)} ${DOT.repeat(4)} ${figures.slice(7)}`;
}

/** "51162119700101204X" -> "••••••••••••••204X". */
export function mask(value: string): string {
  const signs = [...value];
  return signs.map((it, at) => (at < signs.length - TAIL ? DOT : it)).join("");
}

/** "13800004417" -> "138 0000 4417". */
export function groupPhone(phone: string): string {
  return /^\d{11}$/.test(phone)
    ? `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`
    : phone;
}
