import Foundation
import Testing

/// Each step holds what its head promises.
@Suite struct StepTests {
  @Test(arguments: Step.all)
  func aStepCompilesWithoutWarnings(_ step: Step) throws {
    let product = try Workbench.program(step.program)
    #expect(product.isComplete && product.diagnostics.isEmpty, "\(product.diagnostics)")
  }

  @Test(arguments: Step.all)
  func aStepPassesItsOwnCheck(_ step: Step) throws {
    let verdict = try Verdict(step, step.program)
    let later = step.stillFails.map(\.part)
    let check = try Workbench.check(step)
    #expect(check.isComplete && check.diagnostics.isEmpty, "\(check.diagnostics)")
    #expect(!verdict.parts.isEmpty)
    #expect(verdict.passed + later == verdict.parts, "\(verdict)")
  }

  @Test(arguments: Step.all)
  func theStepBeforeFailsWhatThisOneMends(_ step: Step) throws {
    guard let before = step.before else { return }
    #expect(!step.mends.isEmpty)
    let first = try Verdict.played(step, before.program) { step.mends.contains($0.failed ?? "") }
    #expect(step.mends.contains(first.failed ?? ""), "\(first)")
    for part in first.parts where !step.stillFails.map(\.part).contains(part) {
      let shallFail = step.mends.contains(part)
      let verdict = try Verdict.played(step, before.program, part: part) {
        ($0.failed != nil) == shallFail
      }
      #expect((verdict.failed != nil) == shallFail, "\(verdict)")
    }
  }

  @Test(arguments: Step.all)
  func whatStillFailsIsMendedLater(_ step: Step) throws {
    for (part, name) in step.stillFails {
      #expect(try Verdict(step, step.program, part: part).failed == part)
      let later = try #require(Step.named(name), "there is no step \(name)")
      let verdict = try Verdict(step, later.program, part: part)
      #expect(verdict.passed == [part], "\(verdict)")
    }
  }

  @Test(arguments: Variation.wrong)
  func aMistakeGetsItsOwnMessage(_ mistake: Variation) throws {
    let verdict = try Verdict.played(mistake.step, mistake.program) {
      $0.message.contains(mistake.expectation)
    }
    let all = Variation.wrong.filter { $0.step.name == mistake.step.name }
    #expect(!mistake.expectation.isEmpty)
    let message = verdict.message
    #expect(message.contains(mistake.expectation), "\(verdict)")
    for other in all where other.expectation != mistake.expectation {
      #expect(!message.contains(other.expectation), "\(verdict)")
    }
    #expect(all.count { $0.expectation == mistake.expectation } == 1)
  }

  @Test(arguments: Variation.broken)
  func theCompilerSaysWhatThePageQuotes(_ broken: Variation) throws {
    let product = try Workbench.program(broken.program)
    #expect(!broken.expectation.isEmpty)
    #expect(product.diagnostics.contains("error: " + broken.expectation), "\(product.diagnostics)")
  }
}
