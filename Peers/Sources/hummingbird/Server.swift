// The Hello service on Hummingbird 2, written as its documentation begins. It sends Date by itself.

import Hummingbird
import Logging
import NIOPosix
import PeerSupport

@main
struct Server {
  static func main() async throws {
    let port = portOrExit()
    let router = Router()
    router.get("/") { _, _ in "Hello" }
    var logger = Logger(label: "hummingbird")
    logger.logLevel = .error
    let application = Application(
      router: router,
      configuration: .init(address: .hostname("127.0.0.1", port: port), backlog: 4096),
      onServerRunning: { announce("Hummingbird", port: $0.localAddress!.port!) },
      eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1)),
      logger: logger)
    try await application.runService()
  }
}
