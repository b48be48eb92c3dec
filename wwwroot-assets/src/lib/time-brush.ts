// A stretch of a timeline that is chosen by dragging: pure arithmetic. Times are milliseconds since 1970 UTC, places CSS pixels.

/** What of the timeline is drawn where. */
export interface TimeScale {
  readonly left: number
  readonly width: number
  readonly first: number
  readonly last: number
}

export interface Span { readonly from: number, readonly to: number }

/** A drag that is shorter is a click. */
export const clickSlop = 4

/** The time at a place; outside of the plot, its nearest end. */
export function timeAt({ left, width, first, last }: TimeScale, x: number): number {
  const share = width > 0 ? Math.min(1, Math.max(0, (x - left) / width)) : 0
  return Math.round(first + share * (last - first))
}

/** The place of a time, cut to the plot. */
export function placeOf({ left, width, first, last }: TimeScale, time: number): number {
  const share = last > first ? Math.min(1, Math.max(0, (time - first) / (last - first))) : 0
  return left + share * width
}

/**
 * What a drag from one place to another chooses; null for a click, which chooses all. An end at the plot's own end is open: it goes on with
 * a recording that goes on.
 */
export function spanOf(scale: TimeScale, from: number, to: number): { from: number | null, to: number | null } | null {
  if (Math.abs(to - from) < clickSlop || scale.last <= scale.first) return null
  const [start, end] = [timeAt(scale, Math.min(from, to)), timeAt(scale, Math.max(from, to))]
  return { from: start <= scale.first ? null : start, to: end >= scale.last ? null : end }
}
