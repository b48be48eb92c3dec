// The filter box's grammar, the same as WebVmMap.Core.Regions.RegionFilter; tests/Shared/filter-cases.json holds what both must answer.
//
// Terms are separated by blanks and all must hold; "-" before a term negates it. A term is one of
//   word, "two words"         in the details, the category's name or the address as text, ignoring case
//   cat:heap, cat:image,heap  the category's name, ignoring case; any of them
//   prot:rw                   every one of these flags: r w x s(hared) c(opy on write) g(uard); prot:- no access;
//                             anything else is a part of the protection as it is written in the tables
//   >1MiB, <=64K, =4096       the size; ws>1MiB, private<=4K, ... the figure named
//   addr:0x7f00...            the region that holds the address
// What looks like one of the last two but cannot be understood is a plain text, and so is what begins with a quote.
import { categoryNames } from './colours.ts'
import { formatPageAddress, parsePageAddress } from './format.ts'
import { protectionText } from './protection.ts'
import { type Metric, type Platform, type RegionTable, Protection } from './region-table.ts'

/** True when a row is wanted. */
export type RowPredicate = (row: number) => boolean

/** A parsed filter. It is bound to a table once, so that texts are searched once for each text and not for each row. */
export interface RegionFilter {
  readonly isEmpty: boolean
  bind(table: RegionTable, platform: Platform): RowPredicate
}

type Term = (table: RegionTable, platform: Platform) => RowPredicate

const metricNames: Readonly<Record<string, Metric>> = {
  ws: 'totalWs', private: 'private', committed: 'committed', size: 'size', reserved: 'reserved', shared: 'sharedWs', locked: 'lockedWs', swap: 'swap', pss: 'pss',
}

const unitShift: Readonly<Record<string, number>> = { '': 0, b: 0, k: 1, kb: 1, kib: 1, m: 2, mb: 2, mib: 2, g: 3, gb: 3, gib: 3, t: 4, tb: 4, tib: 4 }

const protectionLetters: Readonly<Record<string, number>> = {
  r: Protection.read, w: Protection.write, x: Protection.execute, s: Protection.shared, c: Protection.copyOnWrite, g: Protection.guard,
}

const accessFlags = Protection.read | Protection.write | Protection.execute | Protection.copyOnWrite

/** Parses what a person typed; every text has a meaning. */
export function parseFilter(text: string): RegionFilter {
  const terms = split(text).map(({ text: term, isNegated, isQuoted }) => {
    const positive = isQuoted ? plainText(term) : parseTerm(term)
    return isNegated ? negate(positive) : positive
  })
  return {
    isEmpty: terms.length === 0,
    bind(table, platform) {
      const bound = terms.map((term) => term(table, platform))
      if (bound.length === 1) return bound[0]
      return (row) => bound.every((holds) => holds(row))
    },
  }
}

/** Blanks separate terms, except between quotes; a quote that is not closed reaches to the end. A dash alone is text. */
function split(text: string): { text: string, isNegated: boolean, isQuoted: boolean }[] {
  return [...text.matchAll(/(-(?=[^ \t\r\n]))?((?:[^ \t\r\n"]|"[^"]*(?:"|$))+)/g)]
    .map((match) => ({ text: match[2].replaceAll('"', ''), isNegated: match.at(1) !== undefined, isQuoted: match[2].startsWith('"') }))
    .filter((term) => term.text !== '')
}

const negate = (term: Term): Term => (table, platform) => {
  const holds = term(table, platform)
  return (row) => !holds(row)
}

const parseTerm = (text: string): Term => parseCategory(text) ?? parseProtection(text) ?? parseAddress(text) ?? parseFigure(text) ?? plainText(text)

function parseCategory(text: string): Term | null {
  const match = /^cat:(.+)$/i.exec(text)
  if (match === null) return null
  const wanted = match[1].toLowerCase().split(',')
  const isWanted = categoryNames.map((name, category) => category > 0 && wanted.includes(name.toLowerCase()))
  return ({ columns: { category } }) => (row) => isWanted[category[row]]
}

function parseProtection(text: string): Term | null {
  const match = /^prot:(.+)$/i.exec(text)
  if (match === null) return null
  const wanted = match[1].toLowerCase()
  if (wanted === '-') return ({ columns: { protection } }) => (row) => (protection[row] & accessFlags) === 0
  if (/^[rwxscg]+$/.test(wanted)) {
    const flags = Array.from(wanted).reduce((all, letter) => all | protectionLetters[letter], 0)
    return ({ columns: { protection } }) => (row) => (protection[row] & flags) === flags
  }
  return ({ columns: { protection } }, platform) => {
    const isWanted = Array.from({ length: 512 }, (_, flags) => protectionText(flags, platform).toLowerCase().includes(wanted))
    return (row) => isWanted[protection[row] & 511]
  }
}

function parseAddress(text: string): Term | null {
  const match = /^addr:(?:0x)?([0-9a-f]{1,16})$/i.exec(text)
  if (match === null) return null
  const wanted = parsePageAddress(`0x${match[1]}`)
  return ({ columns: { page, pages } }) => (row) => page[row] <= wanted && wanted < page[row] + pages[row]
}

function parseFigure(text: string): Term | null {
  const match = /^([a-z]*)(>=|<=|>|<|=)([0-9]+(?:\.[0-9]+)?)([a-z]*)$/i.exec(text)
  if (match === null) return null
  const [, name, sign, digits, unit] = match
  const shift = Object.hasOwn(unitShift, unit.toLowerCase()) ? unitShift[unit.toLowerCase()] : -1
  const metric = name === '' ? 'size' : Object.hasOwn(metricNames, name.toLowerCase()) ? metricNames[name.toLowerCase()] : null
  if (shift < 0 || metric === null) return null
  const bytes = Number(digits) * 1024 ** shift
  return (table) => {
    const column = table.metric(metric)
    switch (sign) {
      case '>': return (row) => column[row] > bytes
      case '<': return (row) => column[row] < bytes
      case '>=': return (row) => column[row] >= bytes
      case '<=': return (row) => column[row] <= bytes
      default: return (row) => column[row] === bytes
    }
  }
}

function plainText(text: string): Term {
  const wanted = text.toLowerCase()
  const inCategory = categoryNames.map((name) => name.toLowerCase().includes(wanted))
  // Most words are no part of any address: letters past f, or "/".
  const canBeAddress = /^0?x?[0-9a-f]*$/.test(wanted)
  return (table) => {
    const { page, category, detail } = table.columns
    // 0 not searched yet, 1 no, 2 yes.
    const inText = new Uint8Array(table.texts.length)
    return (row) => {
      if (inCategory[category[row]]) return true
      const text = detail[row]
      if (inText[text] === 0) inText[text] = table.texts[text].toLowerCase().includes(wanted) ? 2 : 1
      return inText[text] === 2 || canBeAddress && formatPageAddress(page[row]).includes(wanted)
    }
  }
}
