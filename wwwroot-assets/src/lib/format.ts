// How figures are written, the same as in the tables: binary units, at most one decimal, nothing for nothing.

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const
const exact = new Intl.NumberFormat('en-US')

/** A size in the unit that keeps it short: "4 KiB", "34.1 MiB", "128 TiB". Whole numbers carry no decimal. */
export function formatBytes(bytes: number): string {
  const sign = bytes < 0 ? '-' : ''
  let value = Math.abs(bytes)
  let unit = 0
  // 1023.95 would round to "1024.0" of the smaller unit.
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  const text = unit === 0 ? value.toString() : value.toFixed(1).replace(/\.0$/, '')
  return `${sign}${text} ${units[unit]}`
}

/** The exact bytes with separators: "35,651,584 B". */
export const formatExactBytes = (bytes: number): string => `${exact.format(bytes)} B`

/** A count with separators. */
export const formatCount = (count: number): string => exact.format(count)

/** A share as a percentage: "12 %", "0.4 %"; "<0.1 %" for what is there but too small. */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '<0.1 %'
  return `${percent < 10 ? percent.toFixed(1).replace(/\.0$/, '') : percent.toFixed(0)} %`
}

/** The address of a page, as every table shows it: "0x7f3e12c00000". Exact for all 64 bits. */
export const formatPageAddress = (page: number): string => page === 0 ? '0x0' : `0x${page.toString(16)}000`

/** The page that holds an address written in hex, or -1 when it is none. */
export function parsePageAddress(text: string): number {
  if (!/^0x[0-9a-f]{1,16}$/i.test(text)) return -1
  return Number(BigInt(text) >> 12n)
}

/** The last part of a path of either system, or the text itself when it is no path. */
export function fileName(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return cut >= 0 && cut < path.length - 1 ? path.slice(cut + 1) : path
}
