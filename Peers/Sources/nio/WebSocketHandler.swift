import NIOCore
import NIOWebSocket

/// A WebSocket that echoes; on `/ws`, the text `broadcast` is sent to every client as `Hello from
/// client N`.
final class WebSocketHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private static let broadcast = ByteBuffer(string: "broadcast")
  private let chat: Clients?
  private var number = 0

  init(chat: Clients?) {
    self.chat = chat
  }

  func handlerAdded(context: ChannelHandlerContext) {
    number = chat?.add(context.channel) ?? 0
  }

  func channelInactive(context: ChannelHandlerContext) {
    chat?.remove(number)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = Self.unwrapInboundIn(data)
    let payload = frame.unmaskedData
    switch frame.opcode {
    case .text where chat != nil && payload == Self.broadcast:
      let hello = ByteBuffer(string: "Hello from client \(number)")
      chat?.send(WebSocketFrame(fin: true, opcode: .text, data: hello))
    case .text, .binary: reply(frame.opcode, payload, context)
    case .ping: reply(.pong, payload, context)
    case .connectionClose:
      reply(.connectionClose, payload, context)
      context.flush()
      context.close(promise: nil)
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.flush()
  }

  private func reply(
    _ opcode: WebSocketOpcode, _ payload: ByteBuffer, _ context: ChannelHandlerContext
  ) {
    let answer = WebSocketFrame(fin: true, opcode: opcode, data: payload)
    context.write(Self.wrapOutboundOut(answer), promise: nil)
  }
}
