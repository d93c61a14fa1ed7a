// Chapter 4: `await`.
//
// A task per client, and `serve` is chapter 1's again, from top to bottom, with an `await` at each
// wait. The compiler turns it inside out for us: at each `await` the task's state is kept on the
// heap and the thread is free. Chapter 3's loop does the waiting; it is now an executor, one per
// core. An actor owns the clients of `/ws`.

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
      // The loops cancel their tasks after the grace period. If that does not end them within
      // another second, the signal handler ends the process.
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
