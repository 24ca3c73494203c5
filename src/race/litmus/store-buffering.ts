import type { Litmus } from '../litmus.js'

const litmus: Litmus = {
  question: 'Does each thread see at least one of two stores, if each stores before it loads what the other stored?',
  from: 'Dekker; Adve & Gharachorloo 1996 (SB)',
  program: {
    cells: 2,
    threads: [
      (cells) => {
        cells.store(0, 1)
        return cells.load(1)
      },
      (cells) => {
        cells.store(1, 1)
        return cells.load(0)
      },
    ],
  },
}

export default litmus
