// The frames that the benchmark draws: made up, but shaped like a big process: images of several segments, many small private
// allocations, some huge ones, thread stacks, heaps, and free space between them.
import { type FrameSpec, type RowSpec, writeFrame } from '../../wwwroot-assets/tests/support/frame-writer.ts'

function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

const makeRow = (next: () => number, page: number, pages: number, base: number, category: number, protection: number, detail: number): RowSpec => {
  const resident = Math.floor(pages * next()) * 4096
  const committed = next() < 0.9 ? pages * 4096 : 0
  const privateWs = category === 1 || category === 2 ? Math.floor(resident / 4096 / 8) * 4096 : resident
  return {
    page, pages, base, category, protection, detail, committed, private: category === 1 ? 0 : committed,
    privateWs: committed === 0 ? 0 : privateWs, shareableWs: committed === 0 ? 0 : resident - privateWs, pss: committed === 0 ? 0 : privateWs,
  }
}

/** A key frame of about `count` rows in use. */
export function bigFrame(count: number): FrameSpec {
  const next = random(7)
  const texts = ['']
  const rows: RowSpec[] = []
  let page = 0x400
  for (let used = 0; used < count;) {
    const kind = next()
    const gap = next() < 0.35 ? Math.ceil(next() ** 6 * 200_000) : 0
    if (gap > 0) {
      rows.push({ page, pages: gap, category: 10 })
      page += gap
    }
    const base = page
    const add = (pages: number, category: number, protection: number, detail: number) => {
      rows.push(makeRow(next, page, pages, base, category, protection, detail))
      page += pages
      used++
    }
    const pages = Math.max(1, Math.round(2 ** (next() * 12)))
    if (kind < 0.12) {
      const detail = texts.push(`/usr/lib/app/lib${texts.length}.so`) - 1
      for (const protection of [1, 5, 1, 3]) add(Math.max(1, pages >> 2), 1, protection, detail)
    } else if (kind < 0.2) {
      add(pages, 2, 1, texts.push(`/var/data/segment-${texts.length}.db`) - 1)
    } else if (kind < 0.26) {
      const detail = texts.push(`Thread ${1000 + texts.length}`) - 1
      add(1, 6, 0, detail)
      add(64, 6, 3, detail)
    } else if (kind < 0.34) {
      const detail = texts.push(`Heap ${texts.length}`) - 1
      for (let i = 0; i < 6; i++) add(Math.max(1, pages >> 3), 4, i % 3 === 0 ? 0 : 3, detail)
    } else if (kind < 0.4) {
      add(pages, 5, 3, 0)
    } else if (kind < 0.42) {
      add(pages, 3, 131, 0)
    } else {
      add(pages, 7, 3, 0)
    }
  }
  return { kind: 1, sequence: 1, texts, rows, bounds: [16, page + 1000, 4096] }
}

/** A delta on a frame in which a share of the rows has other figures. */
export function deltaOn(frame: FrameSpec, sequence: number, share: number): FrameSpec {
  const next = random(sequence)
  const rows = frame.rows.filter((row) => row.category !== 10 && next() < share)
    .map((row) => makeRow(next, row.page, row.pages, row.base ?? row.page, row.category, row.protection ?? 0, row.detail ?? 0))
  return { kind: 2, sequence, baseSequence: sequence - 1, firstText: frame.texts?.length ?? 1, texts: [], rows }
}

/** Everything the benchmark fetches, by name. */
export function benchmarkFrames(count: number, deltas: number): Map<string, Uint8Array> {
  const frame = bigFrame(count)
  const frames = new Map([[`key-${count}`, writeFrame(frame)]])
  for (let i = 0; i < deltas; i++) frames.set(`delta-${count}-${i}`, writeFrame(deltaOn(frame, 2 + i, 0.01)))
  return frames
}
