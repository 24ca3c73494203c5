import { End, memory } from './rig.js'
import { startThread } from './telling-thread.js'

// A process that listens in every way there is, in two threads, and has nothing else to do: it must end by itself.
const { handle } = memory()
const end = new End(handle)
const controller = new AbortController()
end.events.on('transition', () => undefined)
end.events.on('success', () => undefined)
end.events.once('stale', () => undefined)
end.events.publishCalls()
void end.events.events({ signal: controller.signal }).next()
startThread(handle, 'idle')
end.change()
end.log.emit(1, end.lifecycle.life.life, 1, 1)
console.log('listening')
