import Common
import Testing

@testable import Common
@testable import Tracing

@Suite struct TraceLaneTests {
  @Test("Events that a full ring does not take are lost, and counted")
  func overflow() {
    let lane = TraceLane()
    for round: UInt64 in 0..<2 {
      for time in 0..<20_000 { lane.put(.read, round, UInt64(time)) }
      var events: [TraceLane.Event] = []
      #expect(lane.takeAll { events.append($0) } == 20_000 - 16_384)
      #expect(events.map(\.start) == Array(repeating: round, count: 16_384))
      #expect(events.map(\.end) == Array(0..<16_384))
    }
    #expect(lane.takeAll { _ in Issue.record("nothing is left") } == 0)
  }

  @Test("One thread fills the ring while another empties it")
  func twoThreads() throws {
    let lane = TraceLane()
    try spawnThread(named: "writer") {
      for time: UInt64 in 1...200_000 { lane.put(.read, 0, time) }
      lane.isComplete.store(true, ordering: .releasing)
    }
    var (taken, lost, last) = (0, 0, UInt64(0))
    while true {
      let isComplete = lane.isComplete.load(ordering: .acquiring)
      lost += lane.takeAll { event in
        #expect(event.end > last)
        (taken, last) = (taken + 1, event.end)
      }
      if isComplete { break }
    }
    #expect(taken + lost == 200_000)
  }
}
