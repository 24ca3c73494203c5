import type { Cells } from '../../memory/cells.js'
import type { Litmus } from '../litmus.js'

const claims = (mark: number) => (cells: Cells) => cells.compareExchange(0, 0, mark)

const litmus: Litmus = {
  question: 'Of three threads that exchange the same value for their own, does exactly one succeed?',
  from: 'GenMC (cas)',
  program: { cells: 1, threads: [claims(1), claims(2), claims(3)] },
}

export default litmus
