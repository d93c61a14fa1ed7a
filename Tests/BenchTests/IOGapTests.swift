import Testing

@testable import BenchSupport
@testable import bench

@Suite struct IOGapTests {
  /// The figures depend on the machine; how they relate to each other does not.
  @Test func reportsAnAdditionAWaitAndHowManyFitIntoIt() throws {
    let output = try BenchProcess.run("io-gap")
    #expect(output.status == 0)
    let numbers = output.text.split(separator: "\n").map { line in
      Double(line.split(separator: ":")[1].split(separator: " ")[0])
    }
    let (addition, wait) = (try #require(numbers[0]), try #require(numbers[1]))
    #expect(numbers.count == 4 && addition > 0 && wait > 0)
    let fitting = try #require(numbers[2])
    #expect(abs(fitting * addition / 1000 - wait) < wait / 20)
  }

  @Test func reportsWhatItCostsToAskAnActor() throws {
    let output = try BenchProcess.run("hop")
    #expect(output.status == 0)
    let numbers = output.text.split(separator: "\n").map { line in
      Int(line.split(separator: ":")[1].split(separator: " ")[0])
    }
    #expect(numbers.count == 4 && numbers.allSatisfy { $0 ?? 0 > 0 })
  }
}
