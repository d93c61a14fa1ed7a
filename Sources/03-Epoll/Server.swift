// Chapter 3: one `epoll_wait` for everyone.
//
// One thread, thousands of clients. The only call that blocks is `epoll_wait`, which waits for all
// of them at once. In chapter 1, the program counter holds the place in the conversation ("in the
// middle of reading the second request"). Here it has to be stored in a `Connection`, because
// between two events of one client the thread serves others. `serve` is turned inside out: instead
// of waiting, it goes as far as it can and returns.

import CommandLineOptions
import Common

// snippet: main
@main
struct Epoll {
  static let name = "03-Epoll"

  static func main() {
    startOrExit(name) {
      var options = EpollOptions()
      EpollOptions.commandLine.parseOrExit(
        program: name, summary: "Chapter 3: one thread, one epoll_wait for everyone.",
        into: &options)
      let stop = try StopSignal.onSignals(grace: options.server.grace)
      let service = HelloService(name: name, options: options.server)
      var loop = try EventLoop(openListener(name, options.server), service, stop, options)
      loop.acceptor?.announce(name)
      try loop.run()
    }
  }
}

/// The options of this chapter, in addition to those of every server.
struct EpollOptions {
  var server = ServerOptions()
  var trigger = Trigger.edge
  var outbox = 1024 * 1024

  static var commandLine: [CommandLineOption<EpollOptions>] {
    ServerOptions.commandLine.map { $0.within(\.server) } + [
      .init("--trigger", "edge|level", "of epoll (edge)", \.trigger, OptionValue.choice),
      .init(
        "--outbox", "SIZE", "unread data allowed per client (1MiB)", \.outbox, OptionValue.size),
    ]
  }
}
// snippet: end
