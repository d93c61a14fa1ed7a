// The yardstick: the least that a keep-alive HTTP server on epoll has to do. It finds the end of
// each request and answers it; it parses nothing, and has no deadlines and no limits. Compare it
// with a server to see what the server adds.
//
//   clang -O2 -o http http.c && ./http 7979     (port 0: any that is free)
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const char answer[] =
    "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\n\r\nHello";
enum { answer_length = sizeof answer - 1, buffer_size = 64 * 1024 };

// The only state of a connection: how much of "\r\n\r\n" has been seen at the end of the last read.
static unsigned char seen[1 << 20];
static char input[buffer_size], output[buffer_size / 18 * answer_length];

static void serve(int fd) {
  for (;;) {
    ssize_t count = recv(fd, input, sizeof input, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
      close(fd);
      return;
    }
    char *end = output;
    unsigned state = seen[fd];
    for (ssize_t i = 0; i < count;) {
      if (state == 0) {  // Skip to the next end of a line.
        char *found = memchr(input + i, '\r', count - i);
        if (!found) break;
        i = found - input + 1;
        state = 1;
        continue;
      }
      state = input[i] == "\r\n\r\n"[state] ? state + 1 : input[i] == '\r';
      i++;
      if (state == 4) {
        memcpy(end, answer, answer_length);
        end += answer_length;
        state = 0;
      }
    }
    seen[fd] = state;
    if (end > output && send(fd, output, end - output, MSG_NOSIGNAL) != end - output) {
      close(fd);
      return;
    }
    if (count < (ssize_t)sizeof input) return;  // A short read has emptied the socket.
  }
}

int main(int argc, char **argv) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(argc > 1 ? atoi(argv[1]) : 7979),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
    perror("http");
    return 1;
  }
  socklen_t length = sizeof address;
  getsockname(listener, (struct sockaddr *)&address, &length);
  int poller = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[1024];
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  printf("C listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int count = epoll_wait(poller, events, 1024, -1);
    for (int i = 0; i < count; i++) {
      if (events[i].data.fd != listener) {
        serve(events[i].data.fd);
        continue;
      }
      int fd;
      while ((fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
        seen[fd] = 0;
        struct epoll_event added = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.fd = fd};
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &added);
      }
    }
  }
}
