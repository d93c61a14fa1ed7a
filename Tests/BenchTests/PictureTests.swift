import Testing

@testable import BenchSupport
@testable import BenchTour
@testable import bench

/// The parts of pictures: words, numbers, positions.
struct PictureTests {
  @Test(arguments: [
    (0, "0.00 ns"), (999.9, "1.00 µs"), (31_240, "31.2 µs"), (501_300_000, "501 ms"),
    (999_600_000, "1.00 s"), (15_010_000_000, "15.0 s"),
  ])
  func timesHaveThreeFigures(_ nanoseconds: Double, _ text: String) {
    #expect(shortTime(nanoseconds) == text)
  }

  @Test(arguments: [(0, "0"), (1e9, "1 s"), (2.5e9, "2.5 s"), (1e10, "10 s"), (2e8, "200 ms")])
  func ticksHaveNoEmptyDecimals(_ nanoseconds: Double, _ text: String) {
    #expect(tickTime(nanoseconds) == text)
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")])
  func groupsThousands(_ number: Int, _ text: String) { #expect(grouped(number) == text) }

  @Test func linesAreAboutAsLong() {
    #expect(wrapped("one two three four five", columns: 19) == ["one two three", "four five"])
    #expect(wrapped("short", columns: 19) == ["short"])
    #expect(wrapped("", columns: 19) == [])
  }

  @Test func labelsMoveApartAndStayInside() {
    #expect(spread([10, 100], distance: 18, within: 0...200) == [10, 100])
    #expect(spread([52, 50], distance: 18, within: 0...200) == [68, 50])
    #expect(spread([195, 190], distance: 18, within: 0...200) == [200, 182])
  }

  @Test func textInAPictureIsEscaped() throws {
    var svg = SVG(title: "a < b & \"c\"", description: "\u{1} > 2")
    svg.text("name", x: 0, y: 0, "<&>")
    let picture = try #require(PictureText(svg.text))
    #expect(picture.title == "a < b & \"c\"")
    #expect(picture.words == "  > 2")
    #expect(picture.labels == ["<&>"])
  }

  @Test func anAxisPutsValuesWhereTheyBelong() {
    let linear = Axis.linear(upTo: 3.01, from: 0, to: 301, ticks: 5)
    #expect(linear.ticks == [0, 1, 2, 3])
    #expect(abs(linear.place(1.5) - 150) < 0.001)
    let even = Axis.linear(upTo: 41_000, from: 100, to: 0, ticks: 5, endsOnTick: true)
    #expect(even.ticks == [0, 10_000, 20_000, 30_000, 40_000, 50_000] && even.place(50_000) == 0)
    let decades = Axis.decades(around: [20, 3000], from: 300, to: 0)
    #expect(decades.ticks == [10, 100, 1000, 10_000] && abs(decades.place(100) - 200) < 0.001)
  }

  @Test func aPercentileCurveStopsWhereItsDataStop() {
    let curve = PercentileCurve.Curve([30, 10, 20, 20])
    #expect(
      curve.steps == [(0, 10), (1, 20), (3, 30)].map(PercentileCurve.Step.init(faster:time:)))
    #expect(curve.rarity(of: 0) == 0)
    #expect(abs(curve.rarity(of: 3) - 0.602) < 0.001)
    #expect([curve.median, curve.p99, curve.longest] == [20, 30, 30])
  }

  @Test func lanesPutWhatOverlapsBelow() {
    let spans = [(0.0, 5.0), (5, 2), (1, 3), (4, 9)].map { start, duration in
      Lanes.Span(name: "read", client: nil, start: start, duration: duration)
    }
    let rows = Lanes.Lane("loop", spans).rows
    #expect(rows.map { $0.spans.map(\.start) } == [[0, 5], [1, 4]])
  }

  @Test func whoWaitsAloneIsBelowTheThread() {
    let work = Lanes.Span(name: "read", client: 1, start: 0, duration: 1)
    let pause = Lanes.Span(name: "pause", client: 1, start: 2, duration: 9)
    let rows = Lanes.Lane("loop", [work], asides: [pause]).rows
    #expect(rows.map { $0.spans.map(\.start) } == [[0], [2]])
  }

  @Test func theFiveServersLookTheSameEverywhere() {
    #expect(Series("03-Epoll", position: 0).look == 2)
    #expect(Series("before", position: 1).look == 1)
    #expect(Series("before the great change", position: 7).shortName == "before the gr…")
  }
}
