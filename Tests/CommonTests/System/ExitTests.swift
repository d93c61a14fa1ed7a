import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

/// What ends or changes a whole process is tried in a separate process.
@Suite(.timeLimit(.minutes(5))) struct ExitTests {
  @Test("A port in use ends a server with one line and status 1")
  func portInUse() async throws {
    let result = try await #require(
      processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
    ) {
      let listener = try Listener(host: "127.0.0.1", port: 0)
      var options = ServerOptions()
      options.port = listener.address.port
      _ = startOrExit("01-Sequential") { try openListener("01-Sequential", options) }
    }
    let line = text(result.standardErrorContent)
    #expect(line.hasPrefix("01-Sequential: cannot listen on 127.0.0.1 port "))
    #expect(line.hasSuffix(": bind: Address already in use\n"))
    #expect(line.split(separator: "\n").count == 1)
  }

  @Test("A mistake on the command line ends a program with one line and status 64")
  func usage() async throws {
    let result = try await #require(
      processExitsWith: .exitCode(64), observing: [\.standardErrorContent]
    ) {
      // No server knows the test runner's own arguments.
      var options = ServerOptions()
      ServerOptions.commandLine.parseOrExit(program: "prog", summary: "", into: &options)
    }
    let line = text(result.standardErrorContent)
    #expect(line.hasPrefix("prog: unknown option '") && line.hasSuffix("' (try --help)\n"))
    #expect(line.split(separator: "\n").count == 1)
  }

  @Test("The line that says a server is ready is flushed at once, even into a pipe")
  func announcement() async throws {
    let result = try await #require(
      processExitsWith: .exitCode(7), observing: [\.standardOutputContent]
    ) {
      let listener = try Listener(host: "127.0.0.1", port: 0)
      listener.announce("01-Sequential")
      _exit(7)  // Nothing is flushed from here on.
    }
    let line = text(result.standardOutputContent)
    #expect(line.contains("01-Sequential listening on http://127.0.0.1:"))
  }

  @Test(
    "Without free descriptors clients wait, a stop still works, and freed descriptors let them in")
  func shortage() async {
    await #expect(processExitsWith: .success) {
      let listener = try Listener(host: "127.0.0.1", port: 0)
      let stop = try StopSignal()
      let client = try Socket(connectedTo: listener.address)
      // No descriptor may be opened beyond the first three, whatever other threads close. (With a
      // limit of 0, poll(2) would refuse to watch two.)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
      var limit = rlimit()
      getrlimit(resource, &limit)
      var few = rlimit(rlim_cur: 3, rlim_max: limit.rlim_max)
      setrlimit(resource, &few)
      #expect(throws: SystemError(call: "accept4", code: EMFILE)) { _ = try listener.acceptOne() }
      setrlimit(resource, &limit)
      let acceptedWithOne = try listener.acceptsBeforeStop(stop)
      setrlimit(resource, &few)
      stop.request()
      let acceptedWithNone = try listener.acceptsBeforeStop(stop)
      #expect([acceptedWithOne, acceptedWithNone] == [true, false])
      client.shutdown()
    }
  }
}
