// The Hello service on SwiftNIO's channel handlers, set up like NIO's own example servers: one read
// per event, whose requests are answered at once, and one flush at the end of the read.

import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import PeerSupport

@main
struct Server {
  static func main() throws {
    let port = portOrExit()
    let date = HTTPDate()
    let clients = Clients()
    let channel = try ServerBootstrap(
      group: MultiThreadedEventLoopGroup(numberOfThreads: 1)
    )
    .serverChannelOption(.backlog, value: 4096)
    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
    .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
    .childChannelOption(.maxMessagesPerRead, value: 1)
    .childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try configure(channel.pipeline.syncOperations, date, clients)
      }
    }
    .bind(host: "127.0.0.1", port: port).wait()
    announce("SwiftNIO", port: channel.localAddress!.port!)
    try channel.closeFuture.wait()
  }

  /// HTTP, until the client asks for a WebSocket.
  static func configure(
    _ pipeline: ChannelPipeline.SynchronousOperations, _ date: HTTPDate, _ clients: Clients
  ) throws {
    let hello = HelloHandler(date: date)
    let remove = NIOLoopBound((pipeline, hello), eventLoop: pipeline.eventLoop)
    let upgrader = NIOWebSocketServerUpgrader(
      maxFrameSize: 1 << 20,
      shouldUpgrade: { channel, head in
        let known = head.uri == "/echo" || head.uri == "/ws"
        return channel.eventLoop.makeSucceededFuture(known ? HTTPHeaders() : nil)
      },
      upgradePipelineHandler: { channel, head in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            NIOWebSocketFrameAggregator(
              minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1 << 16,
              maxAccumulatedFrameSize: 1 << 20),
            WebSocketHandler(chat: head.uri == "/ws" ? clients : nil),
          ])
        }
      })
    try pipeline.configureHTTPServerPipeline(
      withServerUpgrade: (
        upgraders: [upgrader],
        completionHandler: { _ in
          let (pipeline, hello) = remove.value
          pipeline.removeHandler(hello, promise: nil)
        }
      ))
    try pipeline.addHandler(hello)
  }
}
