import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { axisParts, makeAxis, pageAtPoint, pointOfPage, rowAtPoint } from '../src/lib/address-axis.ts'
import { boxesOf, makeGrid, makeScene, mapHit, mapToken, maxZoom, parseMapToken, pointAt, visibleLength, zoomToPages } from '../src/lib/map-scene.ts'
import { tableOf, tables } from './support/arbitraries.ts'

const sizes = fc.record({ width: fc.integer({ min: 120, max: 2000 }), height: fc.integer({ min: 60, max: 1200 }) })

describe('address axis', () => {
  it('start_OfEveryRow_AscendsToTheLength', () => {
    fc.assert(fc.property(tables(), fc.integer({ min: 100, max: 100_000 }), (table, length) => {
      const axis = makeAxis(axisParts(table), length, 1)
      for (let row = 0; row < table.count; row++) assert.ok(axis.startOf(row + 1) >= axis.startOf(row))
      assert.equal(axis.startOf(table.count), axis.length)
    }))
  })

  it('length_WithAnyMemoryInUse_IsWhatWasAskedFor', () => {
    fc.assert(fc.property(tables(), fc.integer({ min: 100, max: 100_000 }), (table, length) => {
      const parts = axisParts(table)
      if (parts.regions > 0) assert.ok(Math.abs(makeAxis(parts, length, 1).length - length) < 1e-3)
    }))
  })

  it('length_OfMemoryInUse_GrowsWithItsSize', () => {
    fc.assert(fc.property(tables(), (table) => {
      const axis = makeAxis(axisParts(table), 20_000, 1)
      const rows = Array.from({ length: table.count }, (_, row) => row).filter((row) => axis.isMark[row] === 0)
      const least = Math.min(...rows.map((row) => axis.startOf(row + 1) - axis.startOf(row) - table.value('size', row) * axis.scale))
      for (const row of rows) assert.ok(Math.abs(axis.startOf(row + 1) - axis.startOf(row) - table.value('size', row) * axis.scale - least) < 1e-5)
    }))
  })

  it('isMark_FreeSpaceAndGreatReservations_AreNotToScale', () => {
    const table = tableOf([
      { page: 16, pages: 100, category: 7, committed: 409_600, privateWs: 4096 },
      { page: 116, pages: 2 ** 26, category: 10 },
      { page: 116 + 2 ** 26, pages: 2 ** 26, category: 5 },
      { page: 116 + 2 ** 27, pages: 1, category: 7 },
    ])
    const parts = axisParts(table)
    assert.deepEqual([...parts.isMark], [0, 1, 1, 0])
    const axis = makeAxis(parts, 1000, 1)
    assert.ok(axis.startOf(1) > 700, 'memory in use has most of the picture')
  })

  it('rowAtPoint_InsideARow_IsThatRow', () => {
    fc.assert(fc.property(tables(), (table) => {
      const axis = makeAxis(axisParts(table), 5000, 1)
      for (let row = 0; row < table.count; row++) {
        const length = axis.startOf(row + 1) - axis.startOf(row)
        if (length > 1e-6) assert.equal(rowAtPoint(axis, axis.startOf(row) + length / 2), row)
      }
      assert.equal(rowAtPoint(axis, -1), -1)
      assert.equal(rowAtPoint(axis, axis.length), -1)
    }))
  })

  it('pageAtPoint_OfAPagesPoint_IsThatPage', () => {
    fc.assert(fc.property(tables(), (table) => {
      const axis = makeAxis(axisParts(table), 5000, 1)
      const { page, pages } = table.columns
      for (let row = 0; row < table.count; row++) {
        if (axis.startOf(row + 1) - axis.startOf(row) < 1e-3) continue
        const found = pageAtPoint(axis, pointOfPage(axis, page[row]) + 1e-9)
        assert.ok(found >= page[row] && found < page[row] + pages[row])
      }
    }))
  })
})

describe('map scene', () => {
  it('boxesOf_WholeRows_TakeAsManyPixelsAsTheAxisGivesThem', () => {
    fc.assert(fc.property(tables(), sizes, (table, { width, height }) => {
      const grid = makeGrid(width, height, 1)
      const scene = makeScene(axisParts(table), grid, 1, 0, 1)
      const { axis } = scene
      for (let row = 0; row < table.count; row++) {
        const pixels = boxesOf(scene, axis.startOf(row), axis.startOf(row + 1)).reduce((all, box) => all + box.right - box.left, 0)
        assert.ok(Math.abs(pixels - (Math.min(axis.startOf(row + 1), visibleLength(grid)) - Math.min(axis.startOf(row), visibleLength(grid)))) < 1e-6)
      }
    }))
  })

  it('makeGrid_AnySize_StaysOnTheCanvas', () => {
    fc.assert(fc.property(sizes, fc.constantFrom(1, 1.5, 2), ({ width, height }, ratio) => {
      const grid = makeGrid(width, height, ratio)
      assert.ok(grid.lines >= 1 && (grid.lines === 1 || grid.top + grid.lines * grid.pitch <= height + grid.pitch - grid.lineHeight) && grid.left + grid.width <= width)
    }))
  })

  it('mapHit_MiddleOfABox_IsItsRow', () => {
    fc.assert(fc.property(tables(), sizes, (table, { width, height }) => {
      const scene = makeScene(axisParts(table), makeGrid(width, height, 1), 1, 0, 1)
      const { axis } = scene
      for (let row = 0; row < table.count; row++) {
        for (const box of boxesOf(scene, axis.startOf(row), axis.startOf(row + 1))) {
          if (box.right - box.left < 1e-6) continue
          assert.equal(mapHit(scene, (box.left + box.right) / 2, box.top + 1), row)
          assert.equal(rowAtPoint(scene.axis, pointAt(scene, (box.left + box.right) / 2, box.top + 1)), row)
        }
      }
    }))
  })

  it('makeScene_AnyOffset_StaysInBounds', () => {
    fc.assert(fc.property(tables(), fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 50, noNaN: true }), (table, offset, zoom) => {
      const grid = makeGrid(800, 400, 1)
      const scene = makeScene(axisParts(table), grid, zoom, offset, 1)
      assert.ok(scene.offset >= 0 && scene.offset <= Math.max(0, scene.axis.length - visibleLength(grid)))
    }))
  })

  it('zoomToPages_OfARegion_ShowsAllOfIt', () => {
    fc.assert(fc.property(tables().filter((table) => axisParts(table).regions > 0), fc.nat(), (table, pick) => {
      const parts = axisParts(table)
      const grid = makeGrid(900, 500, 1)
      const { page, pages } = table.columns
      const row = pick % table.count
      const { zoom, offset } = zoomToPages(parts, grid, page[row], page[row] + pages[row], 1)
      assert.ok(zoom >= 1 && zoom <= maxZoom(parts, grid) * 1.0001)
      const scene = makeScene(parts, grid, zoom, offset, 1)
      assert.ok(scene.axis.startOf(row) >= scene.offset - 1 || scene.axis.startOf(row + 1) - scene.axis.startOf(row) > visibleLength(grid))
      assert.ok(scene.axis.startOf(row + 1) <= scene.offset + visibleLength(grid) + 1 || scene.axis.startOf(row + 1) - scene.axis.startOf(row) > visibleLength(grid) - 1)
    }))
  })

  it('mapToken_OfAZoom_IsUnderstoodAgain', () => {
    const table = tableOf([{ page: 16, pages: 4000, category: 7, privateWs: 4096 }, { page: 5000, pages: 1000, category: 4, privateWs: 4096 }])
    const parts = axisParts(table)
    const grid = makeGrid(900, 500, 1)
    assert.equal(mapToken(makeScene(parts, grid, 1, 0, 1)), '')
    const { zoom, offset } = zoomToPages(parts, grid, 1000, 2000, 1)
    const range = parseMapToken(mapToken(makeScene(parts, grid, zoom, offset, 1)))
    assert.ok(range !== null && Math.abs(range.first - 1000) <= 2 && Math.abs(range.end - 2000) <= 2, JSON.stringify(range))
    assert.equal(parseMapToken('c:Heap'), null)
    assert.equal(parseMapToken('x:0x2000-0x1000'), null)
  })
})
