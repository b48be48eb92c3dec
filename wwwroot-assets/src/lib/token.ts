// What a selection and a zoom are called in the URL and between the views:
//   c:Heap   g:Image|/usr/bin/node   a:0x7f00 (the allocation that holds it)   r:0x7f00 (region)   x:0x7f00-0x7f80 (a stretch of addresses, the map's zoom)
// In a comparison (union-table.ts) p: and o: are allocations and regions that only the older snapshot has.
import { categoryNames } from './colours.ts'
import { formatPageAddress, parsePageAddress } from './format.ts'
import type { RegionTable } from './region-table.ts'
import { NodeKind, type RegionTree, kindOf } from './region-tree.ts'

/** The token of a tree's node; '' for the whole. */
export function tokenOf(tree: RegionTree, node: number): string {
  const { table, category, row } = tree
  const name = categoryNames[category[node]]
  switch (kindOf(tree, node)) {
    case NodeKind.root: return ''
    case NodeKind.category: return `c:${name}`
    case NodeKind.region: return regionToken(table, row[node])
    default:
      return tree.named[node] === 1 ? `g:${name}|${table.detail(row[node])}` : table.tokens?.allocation(row[node]) ?? `a:${formatPageAddress(table.columns.page[row[node]])}`
  }
}

/** The token of a region. */
export const regionToken = (table: RegionTable, row: number): string => table.tokens?.region(row) ?? `r:${formatPageAddress(table.columns.page[row])}`

/** The node a token names: 0 for '', -1 when there is none now. An allocation inside a named group gives that group. */
export function nodeOf(tree: RegionTree, token: string): number {
  if (token === '') return 0
  const [, firstCategory, firstGroup, firstRegion, end] = tree.kindStart
  const body = token.slice(2)
  if (token.startsWith('c:')) {
    for (let node = firstCategory; node < firstGroup; node++) if (categoryNames[tree.category[node]] === body) return node
    return -1
  }
  if (token.startsWith('g:')) {
    for (let node = firstGroup; node < firstRegion; node++) if (tree.named[node] === 1 && tokenOf(tree, node) === token) return node
    return -1
  }
  const wanted = rowsOf(tree.table, token)
  if (wanted === null) return -1
  const isRegion = token.startsWith('r:') || token.startsWith('o:')
  for (let node = firstRegion; node < end; node++) if (wanted(tree.row[node])) return isRegion ? node : tree.parent[node]
  return -1
}

/**
 * The rows of the allocation that holds a page, from and to before; none where there is no region. Not found by its base: several
 * allocations may have the same one, since what is of another category counts by itself.
 */
function allocationAt(table: RegionTable, wanted: number): readonly [number, number] {
  const { page, pages, base, category } = table.columns
  let low = 0
  let high = table.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (page[middle] + pages[middle] > wanted) high = middle
    else low = middle + 1
  }
  if (low === table.count || page[low] > wanted) return [0, 0]
  const isOne = (a: number, b: number) => base[a] === base[b] && category[a] === category[b]
  let from = low
  let to = low + 1
  while (from > 0 && isOne(from - 1, low)) from--
  while (to < table.count && isOne(to, low)) to++
  return [from, to]
}

/** Which rows a token selects, as a predicate; null when the token means nothing. '' selects none. */
export function rowsOf(table: RegionTable, token: string): ((row: number) => boolean) | null {
  if (table.tokens !== null) return table.tokens.rows(token)
  const { page, category } = table.columns
  const body = token.slice(2)
  if (token.startsWith('c:')) {
    const wanted = categoryNames.findIndex((name) => name === body)
    return wanted < 1 ? null : (row) => category[row] === wanted
  }
  if (token.startsWith('r:')) {
    const wanted = parsePageAddress(body)
    return wanted < 0 ? null : (row) => page[row] === wanted
  }
  if (token.startsWith('a:')) {
    const wanted = parsePageAddress(body)
    if (wanted < 0) return null
    const [from, to] = allocationAt(table, wanted)
    return (row) => row >= from && row < to
  }
  if (token.startsWith('g:')) {
    const cut = body.indexOf('|')
    const wanted = categoryNames.findIndex((name) => name === body.slice(0, cut))
    if (cut < 0 || wanted < 1) return null
    const inGroup = groupRows(table, wanted, body.slice(cut + 1))
    return (row) => inGroup[row] === 1
  }
  return null
}

/** Allocations are named by their first row, so the rows of a group are found by a walk over all. */
function groupRows(table: RegionTable, wanted: number, name: string): Uint8Array {
  const { base, category } = table.columns
  const found = new Uint8Array(table.count)
  let isNamed = false
  for (let row = 0; row < table.count; row++) {
    if (row === 0 || base[row] !== base[row - 1] || category[row] !== category[row - 1]) isNamed = category[row] === wanted && table.detail(row) === name
    if (isNamed) found[row] = 1
  }
  return found
}
