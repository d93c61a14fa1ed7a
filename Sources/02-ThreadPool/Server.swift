// Chapter 2: blocking one of N threads.
//
// `serve` is chapter 1's, word for word. The code around it is new: the main thread only accepts,
// and hands each client to one of ten worker threads through a bounded queue. Ten clients are
// served at a time; the eleventh waits. A blocked thread does no harm as long as another one is
// free; once all ten are blocked, the next client waits for one of them.

import Common

// snippet: accept
@main
struct ThreadPool {
  static let name = "02-ThreadPool"

  static func main() {
    startOrExit(name) {
      var options = PoolOptions()
      PoolOptions.commandLine.parseOrExit(
        program: name, summary: "Chapter 2: a pool of threads, one client each.", into: &options)
      let stop = try StopSignal.onSignals(grace: options.server.grace)
      let service = HelloService(name: name, options: options.server)
      let registry = Registry()
      let listener = try openListener(name, options.server)
      let pool = try Pool(options) { client in
        var worker = ConnectionHandler(service: service, stop: stop, registry: registry)
        // An error ends this connection, not the server.
        do { try worker.serve(client) } catch { service.log(client.socket, error) }
      }
      listener.announce(name)
      while let socket = try listener.accept(unless: stop) {
        let client = Connection(socket, service)
        if !pool.submit(client) { client.refuse() }
      }
      pool.drain()
    }
  }
  // snippet: end
}
