import { leakingTarget } from '../../leaking-target.js'

/** Each clean-up runs the one before: nothing is ever let go, and at the end the stack overflows besides. */
class CleanUp {
  run: () => void = () => {}
}

export default leakingTarget({
  name: 'leaking/closure-chain',
  description: 'Wraps the clean-up of all earlier calls in one more closure at each call.',
  guilt: { className: 'Function', field: 'CleanUp.run' },
  beside() {
    const cleanUp = new CleanUp()
    return (call) => {
      const earlier = cleanUp.run
      cleanUp.run = () => {
        if (call >= 0) earlier()
      }
    }
  },
})
