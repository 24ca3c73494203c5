import type { Cells } from '../../memory/cells.js'
import type { Litmus } from '../litmus.js'

const increments = (cells: Cells) => [cells.add(0, 1), cells.add(0, 1)]

const litmus: Litmus = {
  question: 'Does every addition take effect, and does each thread get a number of its own?',
  from: 'GenMC (ainc)',
  program: { cells: 1, threads: [increments, increments] },
}

export default litmus
