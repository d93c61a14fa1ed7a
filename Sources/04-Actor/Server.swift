// Chapter 4: `await`.
//
// A task per client, and `serve` is chapter 1's again, from top to bottom, with `await` where it
// waits. The compiler turns it inside out for us: at each `await` the task's state goes to the heap
// and the thread is free. The waiting is done by chapter 3's loop, which is now an executor, one
// per core. The clients of `/ws` are owned by an actor.

import Common

@main
struct Actors {
  static let name = "04-Actor"

  // snippet: main
  static func main() {
    startOrExit(name) {
      var options = ActorOptions()
      ActorOptions.commandLine.parseOrExit(
        program: name, summary: "Chapter 4: a task per client, on an event loop per core.",
        into: &options)
      // The drain below ends by itself; the grace is there in case it does not.
      let stop = try StopSignal.onSignals(grace: options.server.grace + .seconds(1))
      let service = HelloService(name: name, options: options.server)
      let manager = ConnectionManager()
      let listener = try openListener(name, options.server)
      let workers = try (0..<options.loops).map { _ in
        LoopActor(try EventLoopExecutor(stop), service, manager, options)
      }
      let acceptLoop = try AcceptLoop(listener, workers)
      for (number, worker) in workers.enumerated().dropFirst() {
        try spawnThread(named: "loop \(number)", stackSize: 1 << 20) { worker.loop.run(worker) }
      }
      Task(executorPreference: workers[0].loop) {
        do { try await acceptLoop.run() } catch { exitWithError("\(name): \(error)", status: 1) }
        exitOnce()
      }
      workers[0].post { worker in
        worker.acceptLoop = acceptLoop
        acceptLoop.announce(name)
      }
      workers[0].loop.run(workers[0])
    }
  }
  // snippet: end
}
