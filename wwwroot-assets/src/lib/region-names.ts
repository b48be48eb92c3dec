// What boxes are called in the pictures.
import { Category, categoryNames } from './colours.ts'
import { fileName, formatPageAddress } from './format.ts'
import { type RegionTable } from './region-table.ts'
import { NodeKind, type RegionTree, kindOf } from './region-tree.ts'

/** A region's or allocation's short name: the file of a path, what the details say, or its address. */
export function rowName(table: RegionTable, row: number): string {
  const { category, page } = table.columns
  const detail = table.detail(row)
  if (detail !== '') return category[row] === Category.image || category[row] === Category.mappedFile ? fileName(detail) : detail
  return category[row] === Category.free || category[row] === Category.unusable ? categoryNames[category[row]] : formatPageAddress(page[row])
}

/** The short name of a node, as its label and the breadcrumb show it. */
export function nodeName(tree: RegionTree, node: number): string {
  switch (kindOf(tree, node)) {
    case NodeKind.root: return 'All'
    case NodeKind.category: return categoryNames[tree.category[node]]
    default: return rowName(tree.table, tree.row[node])
  }
}
