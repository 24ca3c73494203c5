import { expect } from 'chai'
import { ExploreError } from '../../src/explore/errors.js'
import { explore } from '../../src/explore/explore.js'

describe('options that are not allowed', () => {
  const good = { cells: 1, threads: [() => 0] }
  const bad: readonly [change: Record<string, unknown>, message: RegExp][] = [
    [{ cells: -1 }, /^cells is -1; allowed: a whole number from 0 to 1048576/],
    [{ cells: 1.5 }, /^cells is 1.5/],
    [{ threads: [] }, /^threads is an array of 0; allowed: 1 to 12 functions/],
    [{ threads: new Array(13).fill(() => 0) }, /^threads is an array of 13/],
    [{ threads: ['x'] }, /^threads is an array of 1/],
    [{ threads: undefined }, /^threads is undefined/],
    [{ initial: [1, 2] }, /^initial is 2 values; allowed: at most one for each cell/],
    [{ initial: [2 ** 31] }, /^initial\[0\] is 2147483648/],
    [{ deaths: 2 }, /^deaths is 2; allowed: a whole number from 0 to 1/],
    [{ onDeath: () => 0 }, /^deaths is 0; allowed: 1 with onDeath/],
    [{ clock: { ticksMs: [0] } }, /^clock.ticksMs\[0\] is 0/],
    [{ random: [] }, /^random is 0 values; allowed: 1 to 62/],
    [{ strategy: 'best' }, /^strategy is best; allowed: dpor, stateful, /],
    [{ strategy: 'replay' }, /^schedule is undefined; allowed: the text that a failure gave/],
    [{ seed: 0.5 }, /^seed is 0.5/],
    [{ depth: 0 }, /^depth is 0/],
    [{ preemptions: -1 }, /^preemptions is -1/],
    [{ budget: { timeMs: 0 } }, /^budget.timeMs is 0/],
    [{ budget: { executions: 0 } }, /^budget.executions is 0/],
    [{ budget: { states: 0 } }, /^budget.states is 0/],
    [{ budget: { operations: 0 } }, /^budget.operations is 0/],
    [{ budget: { hangMs: 0 } }, /^budget.hangMs is 0/],
    [{ budget: { simplerMs: -1 } }, /^budget.simplerMs is -1/],
  ]
  for (const [change, message] of bad) {
    it(`are refused by name: ${JSON.stringify(change)}`, () => {
      const options = { ...good, ...change } as unknown as Parameters<typeof explore>[0]
      expect(() => explore(options))
        .to.throw(ExploreError, message)
        .with.property('code', 'ERR_EXPLORE_OPTION')
    })
  }
})
