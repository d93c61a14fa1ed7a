/// One broadcast, from sending it to its last receiver.
struct BroadcastRound {
  /// Counts from 1.
  private(set) var number = 0
  private(set) var sender = -1
  private(set) var begin: UInt64 = 0
  /// The message of this broadcast, and that of the previous one.
  private(set) var text: [UInt8] = []
  private(set) var previousText: [UInt8] = []
  /// How many clients should get it, and how many have got it.
  private(set) var receivers = 0
  private(set) var arrived = 0
  private(set) var isUnderWay = false

  mutating func start(from sender: Int, name: [UInt8], receivers: Int, at now: UInt64) {
    number += 1
    self.sender = sender
    begin = now
    previousText = text
    text = Array("Hello from client ".utf8) + name
    self.receivers = receivers
    arrived = 0
    isUnderWay = true
  }

  /// Counts one more receiver. Returns true if it is the one in the middle.
  mutating func arrive() -> Bool {
    arrived += 1
    return arrived == (receivers + 1) / 2
  }

  /// Expects one receiver fewer.
  mutating func forgetReceiver() { receivers -= 1 }

  var isComplete: Bool { isUnderWay && arrived >= receivers }

  mutating func finish() { isUnderWay = false }
}
