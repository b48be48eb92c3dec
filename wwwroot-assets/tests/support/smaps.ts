// Turns /proc/PID/smaps of a real process into the rows of a frame, well enough to look at pictures. The product's own reader is
// in C#; this one only feeds the screenshots and benchmarks of the canvases.
import type { FrameSpec, RowSpec } from './frame-writer.ts'

const kib = (text: string, name: string): number => {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)
  return found === null ? 0 : Number(found[1]) * 1024
}

/** A key frame of the regions in use and the free space between them. */
export function frameOfSmaps(smaps: string, sequence = 1): FrameSpec {
  const texts = ['']
  const textIndex = new Map([['', 0]])
  const index = (text: string) => {
    const known = textIndex.get(text)
    if (known !== undefined) return known
    texts.push(text)
    textIndex.set(text, texts.length - 1)
    return texts.length - 1
  }
  const images = new Set([...smaps.matchAll(/^[0-9a-f]+-[0-9a-f]+ ..x. \S+ \S+ [1-9]\d*\s+(\/.*)$/gm)].map(([, path]) => path))
  const rows: RowSpec[] = []
  let end = 16
  for (const block of smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+ *(.*)$/m.exec(block)
    if (head === null) continue
    const page = Number(BigInt(`0x${head[1]}`) >> 12n)
    const pages = Number(BigInt(`0x${head[2]}`) >> 12n) - page
    const [, , , flags, path] = head
    const protection = (flags[0] === 'r' ? 1 : 0) | (flags[1] === 'w' ? 2 : 0) | (flags[2] === 'x' ? 4 : 0) | (flags[3] === 's' ? 128 : 0)
    const category = categoryOf(path, images, flags)
    if (page > end && page < 0x7fffffff0) rows.push({ page: end, pages: page - end, category: 10 })
    end = page + pages
    const last = rows.at(-1)
    const detail = index(path)
    const isSame = last !== undefined && last.category === category && last.detail === detail && detail > 0
    const privateWs = kib(block, 'Private_Clean') + kib(block, 'Private_Dirty')
    const anonymous = kib(block, 'Anonymous')
    const resident = kib(block, 'Rss')
    rows.push({
      page, pages, category, protection, detail,
      ...(isSame ? { base: last.base ?? last.page } : {}),
      committed: protection === 0 && resident === 0 ? 0 : pages * 4096,
      private: path.startsWith('/') ? anonymous : protection === 0 ? 0 : pages * 4096,
      privateWs,
      shareableWs: resident - privateWs,
      sharedWs: kib(block, 'Shared_Clean') + kib(block, 'Shared_Dirty'),
      lockedWs: 0,
      pss: kib(block, 'Pss'),
      swap: kib(block, 'Swap'),
    })
  }
  return { kind: 1, sequence, takenAt: 0, texts, rows, bounds: [16, 0x7fffffff0, 4096] }
}

function categoryOf(path: string, images: ReadonlySet<string>, flags: string): number {
  if (path.startsWith('[heap]')) return 4
  if (path.startsWith('[stack')) return 6
  if (path.startsWith('[anon:.NET') || path.startsWith('/memfd:doublemapper')) return 5
  if (path.startsWith('/memfd:') || path.startsWith('/dev/shm') || path.startsWith('/SYSV')) return 3
  if (path.startsWith('[v')) return 1
  if (path.startsWith('/')) return images.has(path) ? 1 : 2
  return flags[3] === 's' ? 3 : 7
}
