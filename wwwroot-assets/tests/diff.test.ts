import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FormatError } from '../src/lib/byte-reader.ts'
import { describeChange, describeChanges, formatDelta } from '../src/lib/describe-diff.ts'
import { decodeDiff } from '../src/lib/diff.ts'
import { buildTree } from '../src/lib/region-tree.ts'
import { type Metric, type RegionTable, storedMetrics } from '../src/lib/region-table.ts'
import { SegmentTable } from '../src/lib/segment-table.ts'
import { nodeOf, regionToken, tokenOf } from '../src/lib/token.ts'
import { UnionTable, valueAfter, valueBefore } from '../src/lib/union-table.ts'
import { type DiffSpec, changeOf, diffSpecs, writeDiff } from './support/diff-writer.ts'
import type { RowSpec } from './support/frame-writer.ts'

const metrics: Metric[] = ['size', ...storedMetrics, 'totalWs', 'reserved']
const total = (count: number, value: (row: number) => number) => Array.from({ length: count }, (_, row) => value(row)).reduce((sum, one) => sum + one, 0)

function assertRows(table: RegionTable, rows: readonly RowSpec[]): void {
  assert.equal(table.count, rows.length)
  rows.forEach((row, i) => {
    assert.deepEqual([table.columns.page[i], table.columns.pages[i], table.columns.category[i], table.columns.detail[i]], [row.page, row.pages, row.category, row.detail])
    for (const metric of storedMetrics) assert.equal(table.value(metric, i), row[metric])
  })
}

describe('decodeDiff', () => {
  it('decodeDiff_AnyDiff_GivesBothTablesAndTheirRows', () => {
    fc.assert(fc.property(diffSpecs(), (spec) => {
      const diff = decodeDiff(writeDiff(spec))
      assertRows(diff.before, spec.before)
      assertRows(diff.after, spec.after)
      assert.deepEqual([...diff.beforeRow], spec.rows.map(({ before }) => before))
      assert.deepEqual([...diff.afterRow], spec.rows.map(({ after }) => after))
      assert.deepEqual([...diff.change], spec.rows.map((row) => changeOf(spec, row)))
      spec.rows.forEach((row, i) => { if (i > 0) assert.equal(diff.allocation[i] === diff.allocation[i - 1], row.allocation === spec.rows[i - 1].allocation) })
    }))
  })

  it('decodeDiff_CutAnywhere_IsRefused', () => {
    fc.assert(fc.property(diffSpecs(12), fc.double({ min: 0, max: 0.999, noNaN: true }), (spec, share) => {
      const bytes = writeDiff(spec)
      assert.throws(() => decodeDiff(bytes.subarray(0, Math.floor(bytes.length * share))), FormatError)
    }))
  })

  it('decodeDiff_ABrokenByte_IsReadOrRefusedButNothingElse', () => {
    fc.assert(fc.property(diffSpecs(12), fc.nat(), fc.integer({ min: 1, max: 255 }), (spec, at, by) => {
      const bytes = writeDiff(spec)
      bytes[at % bytes.length] ^= by
      try {
        decodeDiff(bytes)
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error))
      }
    }))
  })
})

const decoded = (spec: DiffSpec) => decodeDiff(writeDiff(spec))

describe('UnionTable', () => {
  it('metric_OfBoth_IsTheLargerAndOfChangeTheDifference', () => {
    fc.assert(fc.property(diffSpecs(), fc.constantFrom(...metrics), (spec, metric) => {
      const diff = decoded(spec)
      const both = new UnionTable(diff, 'both').metric(metric)
      const change = new UnionTable(diff, 'change').metric(metric)
      for (let row = 0; row < diff.count; row++) {
        const [before, after] = [valueBefore(diff, metric, row), valueAfter(diff, metric, row)]
        assert.equal(both[row], Math.max(before, after))
        assert.equal(change[row], Math.abs(after - before))
      }
      assert.equal(total(diff.count, (row) => valueBefore(diff, metric, row)), total(diff.before.count, (row) => diff.before.value(metric, row)))
      assert.equal(total(diff.count, (row) => valueAfter(diff, metric, row)), total(diff.after.count, (row) => diff.after.value(metric, row)))
    }))
  })

  it('tokens_OfEveryNode_LeadBackToIt', () => {
    fc.assert(fc.property(diffSpecs(), (spec) => {
      const tree = buildTree(new UnionTable(decoded(spec), 'both'), 'size', false)
      const [, , firstGroup, firstRegion] = tree.kindStart
      for (let node = firstRegion; node < tree.count; node++) assert.equal(nodeOf(tree, tokenOf(tree, node)), node)
      for (let node = firstGroup; node < firstRegion; node++) {
        if (tree.named[node] === 1) assert.equal(nodeOf(tree, tokenOf(tree, node)), node)
      }
    }))
  })
})

describe('SegmentTable', () => {
  it('pieces_OfAnyDiff_AscendAndHoldExactlyBothSnapshots', () => {
    fc.assert(fc.property(diffSpecs(), (spec) => {
      const diff = decoded(spec)
      const table = new SegmentTable(diff, 'difference')
      const { page, pages } = table.columns
      for (let row = 1; row < table.count; row++) {
        const end = page[row - 1] + pages[row - 1]
        assert.ok(end <= page[row])
        // Below the end of user space nothing is left out.
        assert.ok(end === page[row] || end >= 2 ** 47 / 4096)
      }
      const size = (is: (row: number) => boolean) => total(table.count, (row) => is(row) ? pages[row] * 4096 : 0)
      assert.equal(size((row) => table.wasThere(row)), total(diff.before.count, (row) => diff.before.value('size', row)))
      assert.equal(size((row) => table.isThere(row)), total(diff.after.count, (row) => diff.after.value('size', row)))
      for (let row = 0; row < table.count; row++) {
        assert.equal(table.before('size', row) > 0, diff.before.find(page[row]) >= 0)
        assert.equal(table.after('size', row) > 0, diff.after.find(page[row]) >= 0)
      }
    }))
  })

  it('rows_OfAToken_AreThePiecesOfThatRegion', () => {
    fc.assert(fc.property(diffSpecs(20), (spec) => {
      const diff = decoded(spec)
      const table = new SegmentTable(diff, 'difference')
      for (let row = 0; row < table.count; row++) {
        const token = regionToken(table, row)
        const isWanted = table.tokens.rows(token)
        assert.equal(token === '', table.unionRow[row] < 0)
        if (token !== '') assert.ok(isWanted?.(row) === true, token)
      }
    }))
  })
})

describe('describeChange', () => {
  const row = (more: Partial<RowSpec>): RowSpec => ({ page: 100, pages: 2, base: 100, category: 4, protection: 3, detail: 3, committed: 8192, private: 8192, privateWs: 4096, shareableWs: 0, sharedWs: 0, lockedWs: 0, pss: 0, swap: 0, ...more })
  const diff = decoded({
    before: [row({}), row({ page: 200, base: 200, detail: 0 })],
    after: [row({ pages: 4, committed: 16384 })],
    rows: [{ before: 0, after: 0, allocation: 0 }, { before: 1, after: -1, allocation: 1 }],
  })

  it('describeChange_Grown_SaysBeforeAfterAndBy', () => {
    const { title, lines } = describeChange(diff, 0)
    assert.equal(title, '[heap]')
    assert.deepEqual(lines[0], ['Change', '+ grown (committed)'])
    assert.deepEqual(lines.find(([name]) => name === 'Size'), ['Size', '8 KiB \u2192 16 KiB, +8 KiB (+8,192 B)'])
    assert.deepEqual(lines.find(([name]) => name === 'Private'), ['Private', '8 KiB'])
  })

  it('describeChanges_Several_SumsThem', () => {
    const { lines } = describeChanges(diff, Int32Array.of(0, 1), 'Heap', 4)
    assert.deepEqual(lines[0], ['Regions', '1 removed, 1 grown'])
    assert.deepEqual(lines.find(([name]) => name === 'Committed'), ['Committed', '16 KiB'])
    assert.deepEqual(lines.find(([name]) => name === 'Private'), ['Private', '16 KiB \u2192 8 KiB, \u22128 KiB (\u22128,192 B)'])
  })

  it('formatDelta_AnySign_CarriesIt', () => { assert.deepEqual([1024, -1024, 0].map(formatDelta), ['+1 KiB', '\u22121 KiB', '\u00B10']) })
})
