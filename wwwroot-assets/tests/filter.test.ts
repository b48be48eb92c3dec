import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { categoryNames } from '../src/lib/colours.ts'
import { parseFilter } from '../src/lib/filter.ts'
import { FrameDecoder } from '../src/lib/frame.ts'
import { type Platform, type StoredMetric, storedMetrics } from '../src/lib/region-table.ts'
import { tables } from './support/arbitraries.ts'
import { readJson, repositoryRoot } from './support/assets.ts'
import { writeFrame } from './support/frame-writer.ts'

interface Case {
  filter: string
  platform: Platform
  region: Record<StoredMetric, number> & { address: string, size: number, category: string, protection: number, details: string }
  matches: boolean
}

const cases = readJson(`${repositoryRoot}tests/Shared/filter-cases.json`) as Case[]

describe('parseFilter', () => {
  it('parseFilter_SharedCases_AreMany', () => {
    assert.ok(cases.length > 50)
  })

  for (const { filter, platform, region, matches } of cases) {
    it(`bind_${JSON.stringify(filter)}On${region.category}_Says${String(matches)}`, () => {
      const decoder = new FrameDecoder()
      decoder.apply(writeFrame({
        kind: 1, sequence: 1, texts: ['', region.details],
        rows: [{
          page: Number(BigInt(region.address) >> 12n), pages: region.size / 4096, category: categoryNames.findIndex((name) => name === region.category), protection: region.protection,
          detail: region.details === '' ? 0 : 1, ...Object.fromEntries(storedMetrics.map((metric) => [metric, region[metric]])),
        }],
      }))
      assert.ok(decoder.current !== null)
      assert.equal(parseFilter(filter).bind(decoder.current.table, platform)(0), matches)
    })
  }

  it('isEmpty_BlanksAndEmptyQuotes_IsTrue', () => {
    assert.deepEqual(['', '  \t', '""', 'x'].map((text) => parseFilter(text).isEmpty), [true, true, true, false])
  })

  it('bind_AnyTextAndItsNegation_SplitTheRows', () => {
    fc.assert(fc.property(tables(20), fc.string({ maxLength: 12 }).filter((text) => /^[^\s"-][^\s"]*$/.test(text)), (table, text) => {
      const holds = parseFilter(text).bind(table, 'linux')
      const fails = parseFilter(`-${text}`).bind(table, 'linux')
      for (let row = 0; row < table.count; row++) assert.notEqual(holds(row), fails(row))
    }))
  })
})
