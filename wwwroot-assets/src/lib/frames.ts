// How many pixels of a box are header and frame; its children lie in the rest. Used by layout, drawing and hit tests alike.
// All in one unit, CSS or device pixels, that of the boxes asked about.
import { NodeKind } from './region-tree.ts'

export interface Frames {
  /** Header and frame of a category. */
  readonly categoryHeader: number
  readonly categoryFrame: number
  /** Header of a group with several regions. */
  readonly groupHeader: number
  readonly groupFrame: number
  /** What stays empty to the right and below: of a category, and of a group or region. */
  readonly categoryGap: number
  readonly gap: number
  /** Boxes smaller than this carry no header. */
  readonly headerMinWidth: number
  readonly headerMinHeight: number
}

/** In CSS pixels. */
export const cssFrames: Frames = { categoryHeader: 18, categoryFrame: 2, groupHeader: 15, groupFrame: 1, categoryGap: 2, gap: 1, headerMinWidth: 46, headerMinHeight: 34 }

export const scaleFrames = (frames: Frames, by: number): Frames => ({
  categoryHeader: Math.round(frames.categoryHeader * by),
  categoryFrame: Math.round(frames.categoryFrame * by),
  groupHeader: Math.round(frames.groupHeader * by),
  groupFrame: Math.round(frames.groupFrame * by),
  categoryGap: Math.max(1, Math.round(frames.categoryGap * by)),
  gap: Math.max(1, Math.round(frames.gap * by)),
  headerMinWidth: frames.headerMinWidth * by,
  headerMinHeight: frames.headerMinHeight * by,
})

/** Height of the header of a box, 0 when it has none. */
export function headerOf(frames: Frames, kind: number, children: number, width: number, height: number): number {
  if (width < frames.headerMinWidth || height < frames.headerMinHeight) return 0
  if (kind === NodeKind.category) return frames.categoryHeader
  return kind === NodeKind.group && children > 1 ? frames.groupHeader : 0
}

/** Width of the frame on the left, and above when there is no header. A small box has none: its regions need the pixels. */
export function frameOf(frames: Frames, kind: number, children: number, width: number, height: number): number {
  if (width <= 12 || height <= 12) return 0
  if (kind === NodeKind.category) return frames.categoryFrame
  return kind === NodeKind.group && children > 1 ? frames.groupFrame : 0
}

/** Frame and gap on the right and below, less the gap that every region leaves there itself. */
export function farFrameOf(frames: Frames, kind: number, children: number, width: number, height: number): number {
  const frame = frameOf(frames, kind, children, width, height)
  return frame === 0 ? 0 : frame + (kind === NodeKind.category ? frames.categoryGap : frames.gap) - frames.gap
}

export const innerWidth = (frames: Frames, kind: number, children: number, width: number, height: number): number =>
  width - frameOf(frames, kind, children, width, height) - farFrameOf(frames, kind, children, width, height)

export function innerHeight(frames: Frames, kind: number, children: number, width: number, height: number): number {
  const header = headerOf(frames, kind, children, width, height)
  const near = header > 0 ? header : frameOf(frames, kind, children, width, height)
  return height - near - farFrameOf(frames, kind, children, width, height)
}
