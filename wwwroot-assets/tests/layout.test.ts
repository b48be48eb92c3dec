import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { cssFrames, scaleFrames } from '../src/lib/frames.ts'
import type { Metric, RegionTable } from '../src/lib/region-table.ts'
import { type RegionTree, NodeKind, buildTree, kindOf } from '../src/lib/region-tree.ts'
import { layoutTree, squarify } from '../src/lib/squarify.ts'
import { nodeOf, rowsOf, tokenOf } from '../src/lib/token.ts'
import { type TreemapScene, boxOf, childBox, hitTest, insideOf, meant, step } from '../src/lib/treemap-scene.ts'
import { tableOf, tables } from './support/arbitraries.ts'

const metrics: fc.Arbitrary<Metric> = fc.constantFrom('size', 'committed', 'private', 'totalWs', 'privateWs', 'reserved')
const trees = fc.tuple(tables(), metrics, fc.boolean()).map(([table, metric, showFree]) => buildTree(table, metric, showFree))
const close = (a: number, b: number, scale = 1) => Math.abs(a - b) <= 1e-9 * Math.max(scale, Math.abs(a), Math.abs(b))

const childrenOf = (tree: RegionTree, node: number) => Array.from({ length: tree.childCount[node] }, (_, i) => tree.firstChild[node] + i)

function sceneOf(tree: RegionTree, width = 1600, height = 900, root = 0): TreemapScene {
  return { tree, boxes: layoutTree(tree, root, width, height, cssFrames), root, rootBox: { left: 0, top: 0, right: width, bottom: height }, frames: cssFrames }
}

describe('buildTree', () => {
  it('value_OfEveryNode_IsTheSumOfItsChildren', () => {
    fc.assert(fc.property(trees, (tree) => {
      for (let node = 0; node < tree.kindStart[3]; node++) {
        const sum = childrenOf(tree, node).reduce((all, child) => all + tree.value[child], 0)
        assert.ok(close(tree.value[node], sum), `${tree.value[node]} and ${sum}`)
      }
    }))
  })

  it('rows_AboveZeroAndWanted_AreEachExactlyOneRegion', () => {
    fc.assert(fc.property(tables(), metrics, fc.boolean(), (table, metric, showFree) => {
      const tree = buildTree(table, metric, showFree)
      const expected = Array.from({ length: table.count }, (_, row) => row).filter((row) => table.value(metric, row) > 0 && (showFree || table.columns.category[row] < 9))
      const [, , , first, end] = tree.kindStart
      assert.deepEqual([...tree.row.subarray(first, end)].sort((a, b) => a - b), expected)
    }))
  })

  it('children_OfEveryNode_StandTogetherBelowTheirParentAndCategory', () => {
    fc.assert(fc.property(trees, (tree) => {
      let seen = 1
      for (let node = 0; node < tree.count; node++) {
        for (const child of childrenOf(tree, node)) {
          assert.equal(tree.parent[child], node)
          assert.equal(kindOf(tree, child), kindOf(tree, node) + 1)
          if (node > 0) assert.equal(tree.category[child], tree.category[node])
          seen++
        }
      }
      assert.equal(seen, tree.count)
    }))
  })

  it('children_OfEveryNode_DescendBySizeWithinAnEighth', () => {
    fc.assert(fc.property(trees, (tree) => {
      for (let node = 0; node < tree.count; node++) {
        childrenOf(tree, node).slice(1).forEach((child) => { assert.ok(tree.value[child] <= tree.value[child - 1] * 1.126) })
      }
    }))
  })

  it('group_OfNamedAllocations_HoldsAllOfThatName', () => {
    fc.assert(fc.property(trees, (tree) => {
      const names = new Set<string>()
      for (let node = tree.kindStart[2]; node < tree.kindStart[3]; node++) {
        if (tree.named[node] === 0) continue
        const name = tokenOf(tree, node)
        assert.ok(!names.has(name), name)
        names.add(name)
        const inGroup = rowsOf(tree.table, name)
        assert.ok(inGroup !== null)
        const expected = Array.from({ length: tree.table.count }, (_, row) => row).filter((row) => inGroup(row) && tree.table.value(tree.metric, row) > 0)
        assert.deepEqual(childrenOf(tree, node).map((child) => tree.row[child]).sort((a, b) => a - b), expected)
      }
    }))
  })

  it('order_WhenAValueChangesALittle_Stays', () => {
    const values = [100, 90, 82, 70].map((mib) => mib * 2 ** 20)
    const order = (figures: number[]) => {
      const columns = { page: [1, 2, 3, 4], pages: [1, 1, 1, 1] }
      const tree = buildTree(tableWith(columns.page, figures), 'privateWs', false)
      return [...tree.row.subarray(tree.kindStart[3])]
    }
    assert.deepEqual(order(values), order(values.map((value, i) => Math.round(value * (1 + 0.003 * (i % 2 === 0 ? -1 : 1))))))
  })
})

describe('tokens', () => {
  it('allocation_SplitByCategory_EachPartIsNamedByItsOwnFirstRegion', () => {
    // What lies at 0x20 and 0x21 belongs to the base at 0x10, but another category stands between.
    const row = (page: number, category: number) => ({ page, pages: 1, base: 0x10, category, protection: 3, detail: 0, committed: 4096, private: 4096, privateWs: 4096 })
    const tree = buildTree(tableOf([row(0x10, 7), row(0x11, 4), row(0x20, 7), row(0x21, 7)]), 'privateWs', false)
    const groups = Array.from({ length: tree.kindStart[3] - tree.kindStart[2] }, (_, i) => tree.kindStart[2] + i)
    assert.deepEqual(groups.map((node) => tokenOf(tree, node)).sort(), ['a:0x10000', 'a:0x11000', 'a:0x20000'])
    for (const node of groups) assert.equal(nodeOf(tree, tokenOf(tree, node)), node)
    const selected = rowsOf(tree.table, 'a:0x20000')
    assert.deepEqual([0, 1, 2, 3].filter((at) => selected?.(at)), [2, 3])
    assert.equal(nodeOf(tree, 'a:0x12000'), -1)
  })

  it('nodeOf_TokenOfAnyNode_IsThatNode', () => {
    fc.assert(fc.property(trees, (tree) => {
      for (let node = 0; node < tree.count; node++) {
        // Parts of one allocation that differ in category are groups of their own with one token: the first of them answers.
        const token = tokenOf(tree, node)
        const found = nodeOf(tree, token)
        assert.equal(tokenOf(tree, found), token)
        if (!token.startsWith('a:')) assert.equal(found, node)
      }
    }))
  })

  it('nodeOf_NoToken_IsNone', () => {
    const tree = buildTree(tableWith([1], [4096]), 'privateWs', false)
    for (const token of ['q', 'c:Nothing', 'r:0x99000', 'r:zz', 'g:Heap', 'x:0x1000-0x2000']) assert.equal(nodeOf(tree, token), -1, token)
  })
})

describe('squarify', () => {
  it('boxes_OfAnyValues_FillTheSquareInProportion', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 2 ** 47 })), { minLength: 1, maxLength: 80 })
    fc.assert(fc.property(values, fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 1, max: 4000 }), (sizes, width, height) => {
      const value = Float64Array.from(sizes.sort((a, b) => b - a))
      const total = value.reduce((a, b) => a + b, 0)
      const boxes = new Float64Array(4 * value.length)
      squarify(value, 0, value.length, total, width, height, boxes)
      let area = 0
      value.forEach((size, i) => {
        const [left, top, right, bottom] = boxes.subarray(4 * i, 4 * i + 4)
        assert.ok(left >= 0 && top >= 0 && right <= 1 && bottom <= 1 && right >= left && bottom >= top)
        const own = (right - left) * (bottom - top)
        assert.ok(Math.abs(own - size / total) < 1e-6, `box ${i} is ${own}, not ${size / total}`)
        area += own
      })
      assert.ok(Math.abs(area - 1) < 1e-6)
      for (let a = 0; a < value.length; a++) {
        for (let b = a + 1; b < value.length; b++) {
          const width = Math.min(boxes[4 * a + 2], boxes[4 * b + 2]) - Math.max(boxes[4 * a], boxes[4 * b])
          const height = Math.min(boxes[4 * a + 3], boxes[4 * b + 3]) - Math.max(boxes[4 * a + 1], boxes[4 * b + 1])
          assert.ok(width <= 1e-9 || height <= 1e-9, `${a} and ${b} overlap`)
        }
      }
    }))
  })

  it('boxes_OfEqualValues_AreNearlySquare', () => {
    const value = new Float64Array(100).fill(5)
    const boxes = new Float64Array(400)
    squarify(value, 0, 100, 500, 1000, 1000, boxes)
    for (let i = 0; i < 100; i++) {
      const ratio = (boxes[4 * i + 2] - boxes[4 * i]) / (boxes[4 * i + 3] - boxes[4 * i + 1])
      assert.ok(ratio > 0.5 && ratio < 2)
    }
  })
})

describe('treemap scene', () => {
  it('children_OfEveryNode_LieInsideItsInside', () => {
    fc.assert(fc.property(trees, fc.integer({ min: 50, max: 2000 }), fc.integer({ min: 50, max: 1200 }), (tree, width, height) => {
      const scene = sceneOf(tree, width, height)
      for (let node = 0; node < tree.count; node++) {
        const box = boxOf(scene, node)
        assert.ok(box !== null)
        const inside = insideOf(scene, node, box)
        for (const child of childrenOf(tree, node)) {
          const inner = childBox(scene, inside, child)
          assert.ok(inner.left >= box.left - 1e-6 && inner.top >= box.top - 1e-6 && inner.right <= box.right + 1e-6 && inner.bottom <= box.bottom + 1e-6)
        }
      }
    }))
  })

  it('hitTest_MiddleOfARegion_IsThatRegion', () => {
    fc.assert(fc.property(trees, (tree) => {
      const scene = sceneOf(tree)
      for (let node = tree.kindStart[3]; node < tree.count; node++) {
        const box = boxOf(scene, node)
        if (box === null || box.right - box.left < 0.01 || box.bottom - box.top < 0.01) continue
        assert.equal(hitTest(scene, (box.left + box.right) / 2, (box.top + box.bottom) / 2), node)
      }
      assert.equal(hitTest(scene, -1, 5), -1)
      assert.equal(hitTest(scene, 5, 900), -1)
    }))
  })

  it('layout_OfAPart_FillsTheCanvasWithIt', () => {
    fc.assert(fc.property(trees, (tree) => {
      for (let root = 1; root < tree.kindStart[2]; root++) {
        const scene = sceneOf(tree, 800, 600, root)
        const areas = childrenOf(tree, root).map((child) => {
          const box = boxOf(scene, child)
          return box === null ? 0 : (box.right - box.left) * (box.bottom - box.top)
        })
        assert.ok(close(areas.reduce((a, b) => a + b, 0), 800 * 600, 1e4))
        assert.equal(boxOf(scene, 0), null)
      }
    }))
  })

  it('scaleFrames_AnyRatio_KeepsWholePixels', () => {
    for (const ratio of [1, 1.25, 1.5, 2, 3]) {
      const { categoryHeader, groupHeader, categoryFrame, groupFrame, gap, categoryGap } = scaleFrames(cssFrames, ratio)
      for (const value of [categoryHeader, groupHeader, categoryFrame, groupFrame, gap, categoryGap]) assert.ok(Number.isInteger(value) && value >= 1)
    }
  })

  it('step_NextFromTheFirst_ReachesEverySibling', () => {
    fc.assert(fc.property(trees, (tree) => {
      const scene = sceneOf(tree)
      let node = step(scene, -1, 'next')
      if (tree.childCount[0] === 0) {
        assert.equal(node, 0)
        return
      }
      const seen = new Set([node])
      for (let i = 0; i < tree.childCount[0]; i++) seen.add(node = step(scene, node, 'next'))
      assert.equal(seen.size, tree.childCount[0])
    }))
  })

  it('step_InAndOut_ComesBack', () => {
    fc.assert(fc.property(trees, (tree) => {
      const scene = sceneOf(tree)
      for (let node = 1; node < tree.kindStart[3]; node++) {
        if (meant(tree, node) !== node) continue
        const inner = step(scene, node, 'in')
        assert.equal(step(scene, inner, 'out'), node)
      }
    }))
  })

  it('meant_GroupOfOneRegion_IsTheRegion', () => {
    const tree = buildTree(tableWith([1], [4096]), 'privateWs', false)
    assert.equal(kindOf(tree, meant(tree, tree.kindStart[2])), NodeKind.region)
  })
})

function tableWith(pages: number[], privateWs: number[]): RegionTable {
  return tableOf(pages.map((page, i) => ({ page, pages: 1, category: 7, privateWs: privateWs[i] })))
}
