import { leakingTarget } from '../../leaking-target.js'

class Journal {
  text = ''
}

export default leakingTarget({
  name: 'leaking/string-rope',
  description: 'Adds a line about each call to one string: V8 keeps all the pieces, as a rope of two ends each.',
  guilt: { className: '(concatenated string)', field: 'Journal.text' },
  beside() {
    const journal = new Journal()
    return (call) => {
      journal.text += `call ${call} begun\n`
    }
  },
})
