// Everything there is to say about a box of a comparison.
import { categoryNames } from './colours.ts'
import { type Description, metricNames } from './describe.ts'
import { type Diff, changeNames } from './diff.ts'
import { formatBytes, formatCount, formatExactBytes, formatPageAddress } from './format.ts'
import { protectionText } from './protection.ts'
import type { Metric, RegionTable } from './region-table.ts'
import { valueAfter, valueBefore } from './union-table.ts'

const shown: readonly Metric[] = ['size', 'committed', 'private', 'totalWs', 'privateWs', 'shareableWs', 'sharedWs', 'lockedWs', 'pss', 'swap']
const aspectNames = ['address', 'size', 'committed', 'private', 'residency', 'protection', 'category', 'details', 'allocation', 'part of a region'] as const

/** With its sign: "+1.2 MiB", "\u22124 KiB", "\u00B10". */
export const formatDelta = (bytes: number): string => bytes === 0 ? '\u00B10' : `${bytes > 0 ? '+' : '\u2212'}${formatBytes(Math.abs(bytes))}`

const formatExactDelta = (bytes: number): string => `${bytes > 0 ? '+' : '\u2212'}${formatExactBytes(Math.abs(bytes))}`

/** One region of the union. */
export function describeChange(diff: Diff, row: number): Description {
  const { before, after, beforeRow, afterRow, change, aspects, platform } = diff
  const old = beforeRow[row]
  const now = afterRow[row]
  const of = (table: RegionTable, at: number) => ({
    addresses: `${formatPageAddress(table.columns.page[at])} - ${formatPageAddress(table.columns.page[at] + table.columns.pages[at])}`,
    protection: protectionText(table.columns.protection[at], platform),
    details: table.detail(at),
  })
  const was = old < 0 ? null : of(before, old)
  const is = now < 0 ? null : of(after, now)
  const lines: [string, string][] = []
  const differs = aspectNames.filter((_, i) => (aspects[row] & 1 << i) !== 0)
  lines.push(['Change', `${changeNames[change[row]]}${differs.length > 0 ? ` (${differs.join(', ')})` : ''}`])
  const both = (name: string, value: (side: NonNullable<typeof was>) => string) => {
    const texts = [was, is].flatMap((side) => side === null ? [] : [value(side)])
    const text = texts.length === 2 && texts[0] === texts[1] ? texts[0] : texts.join(' \u2192 ')
    if (text !== '') lines.push([name, text])
  }
  both('Addresses', ({ addresses }) => addresses)
  both('Protection', ({ protection }) => protection)
  if (was !== null && is !== null && was.details !== is.details) lines.push(['Details', `${was.details || '(none)'} \u2192 ${is.details || '(none)'}`])
  addFigures(lines, (metric) => [valueBefore(diff, metric, row), valueAfter(diff, metric, row)])
  const category = now < 0 ? before.columns.category[old] : after.columns.category[now]
  return { title: (is ?? was)?.details || categoryNames[category], category, lines }
}

/** Several rows together: a category, a file, a heap. */
export function describeChanges(diff: Diff, rows: Int32Array, title: string, category: number): Description {
  const lines: [string, string][] = []
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(diff.change[row], (counts.get(diff.change[row]) ?? 0) + 1)
  lines.push(['Regions', [...counts].sort(([a], [b]) => a - b).map(([change, count]) => `${formatCount(count)} ${changeNames[change].slice(2)}`).join(', ')])
  addFigures(lines, (metric) => {
    let before = 0
    let after = 0
    for (const row of rows) {
      before += valueBefore(diff, metric, row)
      after += valueAfter(diff, metric, row)
    }
    return [before, after]
  })
  return { title, category, lines }
}

function addFigures(lines: [string, string][], figure: (metric: Metric) => readonly [before: number, after: number]): void {
  for (const metric of shown) {
    const [before, after] = figure(metric)
    if (before === 0 && after === 0) continue
    lines.push([metricNames[metric], before === after ? formatBytes(after) : `${formatBytes(before)} \u2192 ${formatBytes(after)}, ${formatDelta(after - before)} (${formatExactDelta(after - before)})`])
  }
}
