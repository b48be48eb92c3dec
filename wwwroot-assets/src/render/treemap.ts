// Draws a laid out tree. Device pixels throughout.
import { formatBytes } from '../lib/format.ts'
import { headerOf } from '../lib/frames.ts'
import { type Palette, dimmed, gapColour, headerColour } from '../lib/palette.ts'
import { protectionText } from '../lib/protection.ts'
import { nodeName, rowName } from '../lib/region-names.ts'
import type { Platform } from '../lib/region-table.ts'
import { NodeKind, kindOf } from '../lib/region-tree.ts'
import { type Box, type TreemapScene, insideOf } from '../lib/treemap-scene.ts'
import { type MarkedBox, type NodeChanges, drawChangeMarks } from './change-look.ts'
import type { Fonts } from './fonts.ts'
import type { Painter } from './painter.ts'

/** A place for text: in a header, or in the upper left corner of a box. */
interface Label {
  readonly node: number
  readonly colour: number
  readonly isHeader: boolean
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** What a treemap is drawn from. */
export interface TreemapPicture {
  readonly scene: TreemapScene
  readonly width: number
  readonly height: number
  readonly ratio: number
  /** The colour of every row of the table. */
  readonly rowColours: Uint8Array
  readonly palette: Palette
  /** True for categories all of whose regions are dimmed. */
  readonly isCategoryDimmed: readonly boolean[]
  readonly platform: Platform
  /** Of a comparison: how nodes are drawn instead. */
  readonly changes?: NodeChanges | undefined
}

/** A subtree smaller than this many CSS pixels squared is one box. */
const cullArea = 9
const minLabelWidth = 44
const minLabelHeight = 13

/** Draws the boxes, then the texts, and returns how many boxes there were. */
export function drawTreemap(picture: TreemapPicture, painter: Painter, context: CanvasRenderingContext2D, fonts: Fonts): number {
  const drawing = new TreemapDrawing(picture, painter)
  painter.begin(picture.palette)
  drawing.children(picture.scene.root, picture.scene.rootBox, true)
  painter.end()
  drawChangeMarks(drawing.marked, context, picture.palette, picture.ratio)
  drawLabels(picture, drawing.labels, context, fonts)
  return drawing.boxCount
}

class TreemapDrawing {
  readonly labels: Label[] = []
  readonly marked: MarkedBox[] = []
  boxCount = 0
  readonly #picture: TreemapPicture
  readonly #painter: Painter
  readonly #gap: number
  readonly #minLabelWidth: number
  readonly #minLabelHeight: number
  readonly #cullArea: number

  constructor(picture: TreemapPicture, painter: Painter) {
    const { ratio } = picture
    this.#picture = picture
    this.#painter = painter
    this.#gap = picture.scene.frames.gap
    this.#minLabelWidth = minLabelWidth * ratio
    this.#minLabelHeight = minLabelHeight * ratio
    this.#cullArea = cullArea * ratio * ratio
  }

  /** Draws the children of a node inside a box. */
  children(node: number, inside: Box, canLabel: boolean): void {
    const { tree, boxes } = this.#picture.scene
    const { width: canvasWidth, height: canvasHeight, rowColours } = this.#picture
    const { left, top } = inside
    const width = inside.right - left
    const height = inside.bottom - top
    const first = tree.firstChild[node]
    const end = first + tree.childCount[node]
    const firstGroup = tree.kindStart[2]
    for (let child = first; child < end; child++) {
      const x0 = left + boxes[4 * child] * width
      const y0 = top + boxes[4 * child + 1] * height
      const x1 = left + boxes[4 * child + 2] * width
      const y1 = top + boxes[4 * child + 3] * height
      if (x0 >= canvasWidth || y0 >= canvasHeight || x1 <= 0 || y1 <= 0) continue
      const children = tree.childCount[child]
      if (children === 0 || children === 1 && child >= firstGroup || (x1 - x0) * (y1 - y0) < this.#cullArea) {
        // A region, a group that is one, or a subtree too small to be told apart: the colour of its largest region.
        const colour = rowColours[tree.row[this.#largestRegion(child)]]
        this.#leaf(child, x0, y0, x1, y1, colour, canLabel)
      } else {
        this.#branch(child, children, x0, y0, x1, y1, canLabel)
      }
    }
  }

  #largestRegion(node: number): number {
    const { tree } = this.#picture.scene
    let at = node
    while (tree.childCount[at] > 0) at = tree.firstChild[at]
    return at
  }

  #leaf(node: number, x0: number, y0: number, x1: number, y1: number, colour: number, canLabel: boolean): void {
    const { width, height } = this.#picture
    const left = Math.round(x0)
    const top = Math.round(y0)
    let right = Math.round(x1)
    let bottom = Math.round(y1)
    // Neighbours keep a gap between them, unless it would be most of the box.
    if (right - left > 3 * this.#gap) right -= this.#gap
    if (bottom - top > 3 * this.#gap) bottom -= this.#gap
    const l = left < 0 ? 0 : left
    const t = top < 0 ? 0 : top
    const r = right > width ? width : right
    const b = bottom > height ? height : bottom
    if (r <= l || b <= t) return
    this.boxCount++
    let labelColour = colour
    const change = this.#picture.changes?.leaf(this.#picture.scene.tree, node)
    if (change === undefined) {
      this.#painter.rect(l, t, r, b, colour)
    } else {
      // What changed fills the lower part: its area is that of the change.
      const edge = Math.min(b, Math.max(t, bottom - (change.share > 0 ? Math.max(1, Math.round((bottom - top) * change.share)) : 0)))
      if (edge > t) this.#painter.rect(l, t, r, edge, change.rest)
      if (b > edge) this.#painter.rect(l, edge, r, b, change.colour)
      if (change.mark !== '') this.marked.push({ mark: change.mark, left: l, top: t, right: r, bottom: b })
      labelColour = edge - t > this.#minLabelHeight ? change.rest : change.colour
    }
    if (canLabel && r - l >= this.#minLabelWidth && b - t >= this.#minLabelHeight) {
      this.labels.push({ node, colour: labelColour, isHeader: false, left: l, top: t, right: r, bottom: b })
    }
  }

  #branch(node: number, children: number, x0: number, y0: number, x1: number, y1: number, canLabel: boolean): void {
    const { scene, rowColours, isCategoryDimmed, width, height } = this.#picture
    const { tree, frames } = scene
    const kind = kindOf(tree, node)
    const category = tree.category[node]
    const isCategory = kind === NodeKind.category
    const header = headerOf(frames, kind, children, x1 - x0, y1 - y0)
    const inside = insideOf(scene, node, { left: x0, top: y0, right: x1, bottom: y1 })
    const isFramed = inside.left > x0
    const gap = isCategory ? frames.categoryGap : frames.gap
    const left = Math.round(x0)
    const top = Math.round(y0)
    const right = Math.round(x1) - (isFramed ? gap : 0)
    const bottom = Math.round(y1) - (isFramed ? gap : 0)
    const l = left < 0 ? 0 : left
    const t = top < 0 ? 0 : top
    const r = right > width ? width : right
    const b = bottom > height ? height : bottom
    if (r <= l || b <= t) return
    const regionColour = rowColours[tree.row[this.#largestRegion(node)]]
    const isDimmed = isCategory ? isCategoryDimmed[category] : regionColour >= dimmed
    const colour = headerColour(category, isDimmed)
    this.boxCount++
    let labelsInside = canLabel
    if (isFramed) {
      this.#painter.rect(l, t, r, b, isCategory ? colour : gapColour(category))
    }
    if (header > 0) {
      const headerBottom = Math.min(b, Math.round(y0) + header)
      if (headerBottom > t) {
        if (!isCategory) this.#painter.rect(l, t, r, headerBottom, colour)
        this.labels.push({ node, colour, isHeader: true, left: l, top: Math.max(0, top), right: r, bottom: headerBottom })
      }
    } else if (canLabel && !isCategory && r - l >= this.#minLabelWidth && b - t >= this.#minLabelHeight) {
      // No room for a header, but for the name over its regions.
      this.labels.push({ node, colour: regionColour, isHeader: false, left: l, top: t, right: r, bottom: b })
      labelsInside = false
    }
    if (isCategory && isFramed) {
      const il = Math.max(0, Math.round(inside.left))
      const it = Math.max(0, Math.round(inside.top))
      const ir = Math.min(width, Math.round(inside.right) - this.#gap)
      const ib = Math.min(height, Math.round(inside.bottom) - this.#gap)
      if (ir > il && ib > it) this.#painter.rect(il, it, ir, ib, gapColour(category))
    }
    this.children(node, inside, labelsInside)
  }
}

function drawLabels(picture: TreemapPicture, labels: readonly Label[], context: CanvasRenderingContext2D, fonts: Fonts): void {
  const { ratio, palette } = picture
  const pad = Math.round(4 * ratio)
  context.textBaseline = 'middle'
  context.textAlign = 'left'
  for (const label of labels) {
    context.fillStyle = palette.text[label.colour]
    const room = label.right - label.left - 2 * pad
    const x = label.left + pad
    if (label.isHeader) header(picture, label, context, fonts, x, room)
    else corner(picture, label, context, fonts, x, room)
  }
}

/** The size of a node; in a comparison what became of it. */
const sizeText = (picture: TreemapPicture, node: number): string => picture.changes?.text(picture.scene.tree, node) ?? formatBytes(picture.scene.tree.value[node])

/** "Image  37.6 MiB": the size only when the whole name fits. */
function header(picture: TreemapPicture, label: Label, context: CanvasRenderingContext2D, fonts: Fonts, x: number, room: number): void {
  const { tree } = picture.scene
  const isCategory = kindOf(tree, label.node) === NodeKind.category
  const font = isCategory ? fonts.strong : fonts.label
  const y = Math.round((label.top + label.bottom) / 2)
  const name = nodeName(tree, label.node)
  const text = font.fitName(name, room)
  if (text === '') return
  context.font = font.font
  context.fillText(text, x, y)
  if (text !== name) return
  const size = sizeText(picture, label.node)
  const gap = 7 * picture.ratio
  const nameWidth = font.width(name)
  if (nameWidth + gap + fonts.label.width(size) > room) return
  context.font = fonts.label.font
  context.globalAlpha = 0.8
  context.fillText(size, x + nameWidth + gap, y)
  context.globalAlpha = 1
}

function corner(picture: TreemapPicture, label: Label, context: CanvasRenderingContext2D, fonts: Fonts, x: number, room: number): void {
  const { ratio } = picture
  const line = Math.round(13 * ratio)
  const height = label.bottom - label.top
  const [name, isAddress] = cornerName(picture, label.node)
  const font = isAddress ? fonts.mono : fonts.label
  const text = font.fitName(name, room)
  // A cut address is no address.
  if (text === '' || isAddress && text !== name) {
    const size = sizeText(picture, label.node)
    if (fonts.label.width(size) <= room) {
      context.font = fonts.label.font
      context.fillText(size, x, label.top + Math.min(height / 2, line / 2 + 2 * ratio))
    }
    return
  }
  const y = height < line + 4 * ratio ? Math.round((label.top + label.bottom) / 2) : Math.round(label.top + line / 2 + 2 * ratio)
  context.font = font.font
  context.fillText(text, x, y)
  if (height < 2 * line + 4 * ratio) return
  const size = sizeText(picture, label.node)
  if (fonts.label.width(size) > room) return
  context.font = fonts.label.font
  context.globalAlpha = 0.75
  context.fillText(size, x, y + line)
  context.globalAlpha = 1
}

/** A region inside a named group is called by its own detail where that differs, else by its protection. */
function cornerName(picture: TreemapPicture, node: number): [name: string, isAddress: boolean] {
  const { tree, root } = picture.scene
  const { table } = tree
  const row = tree.row[node]
  const parent = tree.parent[node]
  const isInNamedGroup = kindOf(tree, node) === NodeKind.region && tree.named[parent] === 1 && (tree.childCount[parent] > 1 || parent === root)
  if (isInNamedGroup) {
    const own = table.detail(row)
    const isRepeated = own === '' || own === table.detail(tree.row[parent])
    return [isRepeated ? protectionText(table.columns.protection[row], picture.platform) : rowName(table, row), isRepeated]
  }
  const name = rowName(table, row)
  return [name, name.startsWith('0x')]
}
