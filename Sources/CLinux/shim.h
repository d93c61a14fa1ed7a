// The Linux headers that Swift's Glibc module leaves out.
#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

#ifndef __linux__
#error "Five Ways to Wait needs Linux (epoll(7)); see README.md for the one-line container command"
#endif

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

// glibc declares these for _GNU_SOURCE only, and defining that here would clash with the headers
// Swift has imported already. The prototypes are those of accept(2), gettid(2) and pthread_setname_np(3).
int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
pid_t gettid(void);
int pthread_setname_np(pthread_t thread, const char *name);
int pthread_getname_np(pthread_t thread, char *name, size_t size);

#endif
