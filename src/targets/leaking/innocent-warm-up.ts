import { runInThisContext } from 'node:vm'
import { leakingTarget } from '../../leaking-target.js'

const FUNCTIONS_MAX = 400
const CALLS_PER_FUNCTION = 40
const ROUNDS = 20

type Compiled = (value: number) => number

/** As a validator or a template engine does: each route gets a function of its own when it is first asked for. */
class Routes {
  readonly compiled: Compiled[] = []

  compile(): void {
    const route = this.compiled.length
    this.compiled.push(runInThisContext(`(function route${route}(value) { return (value * ${route + 3}) % 1009 })`))
  }
}

export default leakingTarget({
  name: 'leaking/innocent-warm-up',
  description: 'Compiles 400 functions, one now and then, and calls them until V8 optimises them: no leak.',
  beside() {
    const routes = new Routes()
    return (call) => {
      const { compiled } = routes
      if (call % CALLS_PER_FUNCTION === 0 && compiled.length < FUNCTIONS_MAX) routes.compile()
      const route = compiled[call % compiled.length]
      for (let round = 0; round < ROUNDS; round += 1) route?.(call + round)
    }
  },
})
