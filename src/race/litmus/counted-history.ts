import type { Body, ThreadWorld } from '../../explore/program.js'
import type { Specification } from '../../history/specification.js'
import type { Litmus } from '../litmus.js'

const counts: Body<ThreadWorld> = (cells, call) => {
  const first = call('add', () => cells.add(0, 1))
  return [first, call('read', () => cells.load(0))]
}

const specification: Specification<number, string, number> = {
  initial: 0,
  apply: (count, action, result) => {
    if (result !== undefined && result !== count) return undefined
    return action === 'add' ? count + 1 : count
  },
}

const litmus: Litmus = {
  question: 'Is a counter of real threads linearizable, by a ticket taken at each call and return?',
  from: 'Herlihy & Wing 1990',
  program: { cells: 1, threads: [counts, counts] },
  specification,
}

export default litmus
