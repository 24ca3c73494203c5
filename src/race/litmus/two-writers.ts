import type { Litmus } from '../litmus.js'

const litmus: Litmus = {
  question: 'Can two threads that store to two cells in opposite order leave both cells with what was stored first?',
  from: 'Alglave, Maranget & Tautschnig 2014 (2+2W)',
  program: {
    cells: 2,
    threads: [
      (cells) => {
        cells.store(0, 1)
        cells.store(1, 2)
      },
      (cells) => {
        cells.store(1, 1)
        cells.store(0, 2)
      },
    ],
  },
}

export default litmus
