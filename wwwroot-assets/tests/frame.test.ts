import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FormatError } from '../src/lib/byte-reader.ts'
import { FrameDecoder } from '../src/lib/frame.ts'
import { type RegionTable, storedMetrics } from '../src/lib/region-table.ts'
import { rowSpecs, texts } from './support/arbitraries.ts'
import { readJson, repositoryRoot } from './support/assets.ts'
import { type RowSpec, writeFrame } from './support/frame-writer.ts'
import { categoryNames } from '../src/lib/colours.ts'

interface Recording {
  frames: {
    base64: string, sequence: number, platform: string, lowest: string, end: string, granularity: number, takenAt: number, elapsedMs: number, agentCpuMs: number
    counters: (number | null)[], notes: string[], rows: string[]
  }[]
}

const rowsOf = (table: RegionTable): RowSpec[] => Array.from({ length: table.count }, (_, row) => {
  const { page, pages, base, category, protection, detail, metrics } = table.columns
  return {
    page: page[row], pages: pages[row], base: base[row], category: category[row], protection: protection[row], detail: detail[row],
    ...Object.fromEntries(storedMetrics.map((metric, i) => [metric, metrics[i][row]])),
  }
})

const full = (row: RowSpec): RowSpec => ({ ...Object.fromEntries(storedMetrics.map((metric) => [metric, 0])), base: row.page, protection: 0, detail: 0, ...row })
const key = (rows: RowSpec[], sequence = 1) => writeFrame({ kind: 1, sequence, texts, rows })
const simple = (page: number, pages = 1): RowSpec => ({ page, pages, category: 7 })

describe('recorded frames', () => {
  const folder = `${repositoryRoot}tests/Shared/frames`
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    it(`apply_${name}_GivesWhatTheRecorderSaw`, () => {
      const { frames } = readJson(`${folder}/${name}`) as Recording
      assert.ok(frames.length > 0)
      const decoder = new FrameDecoder()
      for (const frame of frames) {
        assert.equal(decoder.apply(Buffer.from(frame.base64, 'base64')), 'applied')
        const sample = decoder.current
        assert.ok(sample !== null)
        const { table, counters, bounds } = sample
        assert.equal(sample.sequence, frame.sequence)
        assert.equal(sample.platform, frame.platform.toLowerCase())
        assert.equal(sample.takenAt, frame.takenAt)
        assert.equal(sample.elapsedMicroseconds, frame.elapsedMs * 1000)
        assert.equal(sample.agentCpuMicroseconds, frame.agentCpuMs * 1000)
        assert.deepEqual([counters.workingSet, counters.privateCommit, counters.residentAnonymous, counters.swap, counters.virtualSize, counters.pageTable], frame.counters)
        assert.deepEqual(sample.notes.map((note) => `${['method', 'limitation', 'changed'].indexOf(note.kind) + 1}|${note.text}`), frame.notes)
        assert.equal(BigInt(bounds.lowest) * 4096n, BigInt(frame.lowest))
        assert.equal(BigInt(bounds.end) * 4096n, BigInt(frame.end))
        assert.equal(bounds.granularity, frame.granularity)
        // Exact: addresses and bytes as 64-bit integers.
        const { page, pages, base, category, protection, metrics } = table.columns
        const got = Array.from({ length: table.count }, (_, row) => [
          `0x${(BigInt(page[row]) * 4096n).toString(16)}`, BigInt(pages[row]) * 4096n, `0x${(BigInt(base[row]) * 4096n).toString(16)}`, category[row], protection[row],
          table.detail(row), ...metrics.map((column) => BigInt(column[row])),
        ].join('|'))
        assert.deepEqual(got, frame.rows)
      }
    })
  }
})

describe('FrameDecoder', () => {
  it('apply_KeyFrame_GivesTheRowsThatWereWritten', () => {
    fc.assert(fc.property(rowSpecs(), (rows) => {
      const decoder = new FrameDecoder()
      assert.equal(decoder.apply(key(rows)), 'applied')
      assert.deepEqual(decoder.current === null ? null : rowsOf(decoder.current.table), rows.map(full))
    }))
  })

  it('apply_Delta_GivesWhatAMapOfRowsGives', () => {
    fc.assert(fc.property(rowSpecs(), fc.array(fc.constantFrom('keep', 'change', 'remove', 'split')), fc.nat({ max: 3 }), (rows, choices, tail) => {
      const expected = new Map(rows.map((row) => [row.page, row]))
      const removed: number[] = []
      const changed: RowSpec[] = []
      const put = (row: RowSpec) => {
        expected.set(row.page, row)
        changed.push(row)
      }
      rows.forEach((row, i) => {
        const choice = choices[i] ?? 'keep'
        if (choice === 'remove') {
          removed.push(row.page)
          expected.delete(row.page)
        } else if (choice === 'change') {
          put({ ...row, protection: (row.protection ?? 0) ^ 2, privateWs: (row.privateWs ?? 0) + 1 })
        } else if (choice === 'split' && row.pages > 1) {
          put({ ...simple(row.page), base: row.base ?? row.page })
          put({ ...simple(row.page + 1, row.pages - 1), base: row.base ?? row.page })
        }
      })
      const last = rows.at(-1)
      const end = last === undefined ? 0x10 : last.page + last.pages
      for (let i = 0; i < tail; i++) put({ ...simple(end + 2 * i), detail: texts.length + i })
      const decoder = new FrameDecoder()
      decoder.apply(key(rows))
      const added = Array.from({ length: tail }, (_, i) => `added ${i}`)
      assert.equal(decoder.apply(writeFrame({ kind: 2, sequence: 2, baseSequence: 1, firstText: texts.length, texts: added, removed, rows: changed })), 'applied')
      assert.deepEqual(decoder.current === null ? null : rowsOf(decoder.current.table), [...expected.values()].sort((a, b) => a.page - b.page).map(full))
    }))
  })

  it('apply_DeltaOnAnotherFrame_SaysGapAndKeepsTheState', () => {
    const decoder = new FrameDecoder()
    const delta = writeFrame({ kind: 2, sequence: 9, baseSequence: 8, firstText: texts.length, texts: [], rows: [] })
    const sequence = () => decoder.current?.sequence
    assert.equal(decoder.apply(delta), 'gap')
    assert.equal(sequence(), undefined)
    decoder.apply(key([simple(16)]))
    assert.equal(decoder.apply(delta), 'gap')
    assert.equal(sequence(), 1)
    assert.equal(decoder.apply(key([simple(20)], 12)), 'applied')
  })

  it('apply_Delta_LeavesTheOlderSampleAsItWas', () => {
    const decoder = new FrameDecoder()
    decoder.apply(key([simple(16), simple(32)]))
    const older = decoder.current?.table
    decoder.apply(writeFrame({ kind: 2, sequence: 2, baseSequence: 1, firstText: texts.length, texts: [], removed: [32], rows: [{ ...simple(16), privateWs: 7 }] }))
    assert.ok(older !== undefined)
    assert.deepEqual(rowsOf(older), [simple(16), simple(32)].map(full))
  })

  it('apply_NotesOfDelta_ReplaceThoseBefore', () => {
    const decoder = new FrameDecoder()
    decoder.apply(writeFrame({ kind: 1, sequence: 1, notes: [[1, 'how'], [2, 'what is missing']], rows: [simple(16)] }))
    assert.deepEqual(decoder.current?.notes, [{ kind: 'method', text: 'how' }, { kind: 'limitation', text: 'what is missing' }])
    decoder.apply(writeFrame({ kind: 2, sequence: 2, baseSequence: 1, firstText: 1, notes: [[3, 'moved']], rows: [] }))
    assert.deepEqual(decoder.current.notes, [{ kind: 'changed', text: 'moved' }])
    decoder.apply(writeFrame({ kind: 2, sequence: 3, baseSequence: 2, firstText: 1, rows: [] }))
    assert.deepEqual(decoder.current.notes, [])
  })

  it('apply_KernelAddress_IsExact', () => {
    const decoder = new FrameDecoder()
    decoder.apply(key([simple(16), { ...simple(0xffffffffff600), category: 1 }]))
    assert.equal(BigInt(decoder.current?.table.columns.page[1] ?? 0) << 12n, 0xffffffffff600000n)
  })

  it('apply_AnyCutFrame_IsRefusedAndTheStateStays', () => {
    fc.assert(fc.property(rowSpecs(20), fc.double({ min: 0, max: 0.999, noNaN: true }), (rows, share) => {
      const bytes = key(rows, 2)
      const decoder = new FrameDecoder()
      decoder.apply(key([simple(16)]))
      assert.throws(() => decoder.apply(bytes.subarray(0, Math.floor(bytes.length * share))), FormatError)
      assert.equal(decoder.current?.sequence, 1)
    }))
  })

  it('apply_RandomBytes_IsRefusedWithAFormatError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const decoder = new FrameDecoder()
      try {
        decoder.apply(Uint8Array.of(1, 1, ...bytes))
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error))
        assert.equal(decoder.current, null)
      }
    }), { numRuns: 2000 })
  })

  const refused: [string, Parameters<typeof writeFrame>[0], RegExp][] = [
    ['OverlappingRows', { kind: 2, sequence: 2, baseSequence: 1, firstText: 1, texts: [], rows: [simple(16, 5)] }, /overlap/],
    ['RemovalOfNothing', { kind: 2, sequence: 2, baseSequence: 1, firstText: 1, texts: [], removed: [17], rows: [] }, /removes a region/],
    ['TextsFromElsewhere', { kind: 2, sequence: 2, baseSequence: 1, firstText: 5, texts: ['x'], rows: [] }, /texts begin at 5/],
    ['UnknownText', { kind: 1, sequence: 1, rows: [{ ...simple(16), detail: 3 }] }, /text 3 of 1/],
    ['UnknownCategory', { kind: 1, sequence: 1, rows: [{ ...simple(16), category: 11 }] }, /category/],
    ['PageTableRow', { kind: 1, sequence: 1, rows: [{ ...simple(16), category: 8 }] }, /category/],
    ['EmptyRegion', { kind: 1, sequence: 1, rows: [{ ...simple(16), pages: 0 }] }, /empty/],
    ['PastTheEnd', { kind: 1, sequence: 1, rows: [simple(2 ** 52, 1)] }, /end of the address space/],
    ['TooManyNotes', { kind: 1, sequence: 1, notes: Array.from({ length: 1001 }, () => [1, 'n']), rows: [] }, /1001 notes/],
    ['UnknownKindOfNote', { kind: 1, sequence: 1, notes: [[4, 'n']], rows: [] }, /note of the unknown kind 4/],
    ['NoteOfNoKind', { kind: 2, sequence: 2, baseSequence: 1, firstText: 1, notes: [[0, 'n']], rows: [] }, /note of the unknown kind 0/],
    ['UnknownPlatform', { kind: 1, sequence: 1, platform: 3 as 1, rows: [] }, /platform/],
  ]
  for (const [name, frame, message] of refused) {
    it(`apply_${name}_IsRefused`, () => {
      const decoder = new FrameDecoder()
      decoder.apply(writeFrame({ kind: 1, sequence: 1, rows: [simple(16), simple(20)] }))
      assert.throws(() => decoder.apply(writeFrame(frame)), message)
      assert.equal(decoder.current?.table.count, 2)
    })
  }

  it('apply_TrailingBytes_AreRefused', () => {
    assert.throws(() => new FrameDecoder().apply(Uint8Array.of(...key([]), 0)), /1 bytes too many/)
  })

  it('apply_OtherVersion_NamesBoth', () => {
    assert.throws(() => new FrameDecoder().apply(Uint8Array.of(2, 1)), /version 2.*version 1/)
  })
})

describe('RegionTable', () => {
  it('find_AnyPage_AgreesWithAWalk', () => {
    fc.assert(fc.property(rowSpecs(30), fc.nat({ max: 4000 }), (rows, page) => {
      const decoder = new FrameDecoder()
      decoder.apply(key(rows))
      const table = decoder.current?.table
      assert.equal(table?.find(page), rows.findIndex((row) => row.page <= page && page < row.page + row.pages))
    }))
  })

  it('metric_Derived_FollowsFromTheKeptOnes', () => {
    fc.assert(fc.property(rowSpecs(30), (rows) => {
      const decoder = new FrameDecoder()
      decoder.apply(key(rows))
      const table = decoder.current?.table
      rows.forEach((row, i) => {
        assert.equal(table?.value('size', i), row.pages * 4096)
        assert.equal(table.value('totalWs', i), (row.privateWs ?? 0) + (row.shareableWs ?? 0))
        assert.equal(table.value('reserved', i), row.pages * 4096 - (row.committed ?? 0))
      })
    }))
  })

  it('categoryNames_AreAsTheFormatNumbersThem', () => {
    assert.deepEqual([categoryNames[1], categoryNames[5], categoryNames[8], categoryNames[10]], ['Image', 'Managed Heap', 'Page Table', 'Free'])
  })
})
